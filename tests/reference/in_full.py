"""Which tests the default run leaves to the slow one: what takes long beside others that would show the same fault first."""

from __future__ import annotations

import os
import re

# Set by `make test-slow`: properties are tried with more examples.
THOROUGH = os.environ.get("CLEARDAYS_THOROUGH") == "1"

_LEFT = re.compile(
    "|".join(
        (
            r"^tests/soak/",
            r"^tests/browser/(?!test_attack_screen|test_away\.py|test_journeys)",
            r"^tests/browser/test_away\.py.*::(?!test_an_attack_at_night)",
            r"^tests/browser/test_attack_screen.*\[(amber|grey|light)\]$",
            r"^tests/browser/test_journeys.*\[(desk|200 %)\]$",
            r"^tests/web/test_nonsense_addresses",
            r"^tests/web/test_who_may.*rule_says.*\[(bob|doc|hal|nora|rae|kim|device|ended)\]$",
            r"^tests/web/test_bad_input.*(is_tried|keeps_nothing_by_half)",
            r"^tests/web/test_uploads.*bomb",
            r"^tests/generative/test_second_properties.*(\[drinks\]|nine_times_in_ten\[craving\])$",
            r"^tests/integration/test_evidence_priors.*(from_memory|what_the_studies_give)",
            r"^tests/integration/test_amount_worlds",
            r"^tests/integration/test_plan_pages.*\[letter-",
            r"^tests/integration/test_plan_pages.*::(?!test_every_treatment).*\[(?!alone|with valproate|sessions|draft)",
            r"^tests/integration/test_throw_away_postgres.*(closed_to|\[wheel\])",
            r"^tests/faults/test_power_loss.*\[(?!.*plain)",
            r"^tests/functional/test_demo_command.*whole_trial\[(?!baclofen)",
            r"^tests/functional/test_demo_command.*it_is_simulated\[(?!lamotrigine)",
            r"^tests/functional/test_import_command.*bomb",
            r"^tests/functional/test_(triggers_command|evidence_nma_command|response_circumstances|recovery_answers)",
            r"^tests/functional/test_(sessions_and_remission|what_readers_ask_of_the_answer)",
            r"^tests/unit/test_layouts.*thousands_of_doses",
            r"^tests/unit/test_feed.*rules_of_a_zone.*\[(?!Europe)",
            r"^tests/unit/test_treatment_pages.*plain_part\[(?!lamotrigine)",
        )
    )
)


def is_left(node: str) -> bool:
    """Whether the default run leaves it out, by its name."""
    return bool(_LEFT.search(node))
