// A questionnaire as CSIRO's Smart Forms shows it: show(questionnaire), then response().
import { createRoot } from 'react-dom/client';
import { BaseRenderer, RendererThemeProvider, getResponse, useBuildForm } from '@aehrc/smart-forms-renderer';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';

function Form({ questionnaire }) {
  return useBuildForm({ questionnaire }) ? null : <BaseRenderer />;
}

const root = createRoot(document.getElementById('form'));
const client = new QueryClient();
window.show = (questionnaire) =>
  root.render(
    <RendererThemeProvider>
      <QueryClientProvider client={client}>
        <Form key={Math.random()} questionnaire={questionnaire} />
      </QueryClientProvider>
    </RendererThemeProvider>,
  );
window.response = () => getResponse();
