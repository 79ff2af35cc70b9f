"""What must hold of the lake before anything is built from it."""

from __future__ import annotations

import great_expectations as gx
import great_expectations.expectations as gxe

REQUIRED = ["leads", "deals"]


def landed_suite() -> gx.ExpectationSuite:
    """One row per source and entity: rows_in_file, rows_in_lake, ragged_share, split_columns."""
    return gx.ExpectationSuite(
        name="landed",
        expectations=[
            gxe.ExpectColumnDistinctValuesToContainSet(
                column="fills",
                value_set=REQUIRED,
                severity="critical",
                meta={
                    "rule": "required_entities_landed",
                    "do": "leads and deals are required: add the missing one to a source in sources.yml",
                },
            ),
            gxe.ExpectColumnPairValuesToBeEqual(
                column_A="rows_in_file",
                column_B="rows_in_lake",
                ignore_row_if="either_value_is_missing",
                severity="critical",
                meta={
                    "rule": "every_row_of_the_file_landed",
                    "do": "the lake lost or doubled rows: keep the files and report it, nothing was published",
                },
            ),
            gxe.ExpectColumnValuesToBeInSet(
                column="split_columns",
                value_set=[0],
                severity="critical",
                meta={
                    "rule": "lake_columns_are_text",
                    "do": "a column changed its type inside the lake; it must be landed as text",
                },
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="unusable_share",
                max_value=0.5,
                severity="critical",
                meta={
                    "rule": "most_rows_are_usable",
                    "do": "more than half of the rows are ragged, duplicates or without id: check delimiter and export",
                },
            ),
            gxe.ExpectColumnValuesToBeInSet(
                column="unusable_rows",
                value_set=[0],
                severity="warning",
                meta={
                    "rule": "all_rows_are_usable",
                    "do": "data_faults lists each row with its file and what is wrong",
                },
            ),
        ],
    )
