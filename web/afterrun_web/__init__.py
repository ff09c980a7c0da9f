"""The same as the command line, for a browser and for programs: pages that need no script, and an API.

request  ->  guard (host, size, headers)  ->  pages (forms in, pages out)  |  api (JSON in, JSON out)
             answers travel sealed in the page's own form (sealing); nothing of a person stays here
"""
