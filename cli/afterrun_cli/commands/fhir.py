"""The `afterrun fhir` commands: what a clinic's own systems read and write."""

from afterrun_cli.commands.family import Family
from afterrun_cli.commands.options import OutputFile, RulebookFolder

fhir_app = Family(no_args_is_help=True, help="Exchange questions, answers and results as FHIR R4.")


@fhir_app.callback()
def _fhir() -> None:
    """Keep each command one of its own."""


@fhir_app.command()
def questionnaire(output: OutputFile = None, rulebook: RulebookFolder = None) -> None:
    """Write the questions as a FHIR R4 Questionnaire, for forms of other systems.

    A form that shows it gives a QuestionnaireResponse, which `afterrun batch` reads, one a line.
    What each element means: docs/fhir.md.

    Example:  afterrun fhir questionnaire -o questionnaire.json
    """
    from afterrun_cli.fhir.questionnaire import write_questionnaire

    write_questionnaire(output, rulebook)
