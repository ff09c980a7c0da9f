// A questionnaire as Medplum's form shows it: show(questionnaire), then response() once it is submitted.
import { createRoot } from 'react-dom/client';
import '@mantine/core/styles.css';
import { MantineProvider } from '@mantine/core';
import { MockClient } from '@medplum/mock';
import { QuestionnaireForm } from '@medplum/react';
import { MedplumProvider } from '@medplum/react-hooks';

const root = createRoot(document.getElementById('form'));
const medplum = new MockClient();
let submitted;
window.show = (questionnaire) =>
  root.render(
    <MedplumProvider medplum={medplum}>
      <MantineProvider>
        <QuestionnaireForm
          key={Math.random()}
          questionnaire={questionnaire}
          disablePagination
          onSubmit={(response) => {
            submitted = response;
          }}
        />
      </MantineProvider>
    </MedplumProvider>,
  );
window.response = () => submitted;
