"""One intake as an audit report: a self-contained page, and the same as PDF.

    Result, Explanations  ->  contents  ->  templates  ->  HTML  ->  PDF

Needs the extra `report` (jinja2), for PDF the extra `pdf` (weasyprint).
"""

from afterrun.telling.report.pages import as_pdf, explanation_html, report_html

__all__ = ["as_pdf", "explanation_html", "report_html"]
