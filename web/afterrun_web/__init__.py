"""afterrun in the browser and over HTTP: pages for people, an API for programs."""
