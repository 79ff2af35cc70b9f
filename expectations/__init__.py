"""What must hold before BI sees it: suites of Great Expectations, declared in Python.

severity critical = stop, warning = warn; meta.rule names the check, meta.do says what to do.
"""
