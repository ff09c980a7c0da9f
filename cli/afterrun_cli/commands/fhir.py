"""The `afterrun fhir` commands: what a clinic's own systems read and write."""

from typing import Annotated

import typer

from afterrun_cli.commands.family import Family
from afterrun_cli.commands.options import (
    InputFormat,
    LogAnswers,
    LogFile,
    OutputFile,
    RulebookFolder,
    utc_now,
)

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
    from afterrun_cli.fhir.definitions import write_questionnaire

    write_questionnaire(output, rulebook)


@fhir_app.command()
def assess(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="Responses, or intakes of our own kind; - is stdin.")
    ],
    date: Annotated[
        str | None,
        typer.Option(
            "--date",
            metavar="DATE",
            help="The day of the assessment, and the first of week 1. Without it: when it was answered.",
        ),
    ] = None,
    output: OutputFile = None,
    log: LogFile = None,
    log_answers: LogAnswers = False,
    input_format: InputFormat = None,
    rulebook: RulebookFolder = None,
) -> None:
    """Tell what the rules make of a QuestionnaireResponse, as a Bundle of FHIR R4.

    How soon to be seen, the symptom, the stories that fit, the plan with its weeks, the rules and sources.
    Many responses, one a line (.ndjson), give many Bundles, one a line. What cannot be used becomes an
    OperationOutcome: on stdout, or of many in NAME.rejects.ndjson beside the output. The exit code is 1 if
    some could not be used and 2 if none could. What the codes mean, and what not: docs/fhir.md.

    Example:  afterrun fhir assess response.json --date 2027-03-01
    """
    from afterrun_cli.fhir.assess import assess_responses
    from afterrun_cli.runner.logged import LogOptions

    logs = LogOptions(log, log_answers, utc_now)
    assess_responses(file, date, output, input_format, rulebook, logs)


@fhir_app.command()
def library(output: OutputFile = None, rulebook: RulebookFolder = None) -> None:
    """Write the plan and its interventions as PlanDefinition and ActivityDefinitions, with code systems.

    Each intervention has how sure one may be of it. How strongly it is recommended nobody has graded.

    Example:  afterrun fhir library -o library.json
    """
    from afterrun_cli.fhir.definitions import write_library

    write_library(output, rulebook)
