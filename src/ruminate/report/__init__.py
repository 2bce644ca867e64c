"""A report on a table of results: one self-contained HTML page with what was analyzed, checks, figures, comparisons and limits.

Statistics are those of scipy, statsmodels and krippendorff; figures are matplotlib's; this room only chooses and explains.
"""

from ruminate.report.page import report_page, write_report
from ruminate.report.study import Study, read_study

__all__ = ["Study", "read_study", "report_page", "write_report"]
