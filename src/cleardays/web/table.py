"""The table of everything the app answers."""

from __future__ import annotations

from cleardays.web.api import entries, ping
from cleardays.web.api.description import with_description
from cleardays.web.endpoint import Endpoint
from cleardays.web.pages import (
    answer,
    attack,
    device,
    calendar,
    catch_up,
    day,
    entry,
    evening,
    first_run,
    goals,
    help_card,
    helpers,
    medicines,
    reports,
    sharing,
    suitability,
    theme,
    today,
    treatments,
    trial_new,
)  # fmt: skip
from cleardays.web.pages import attack, first_run, goals, helpers, suitability, today, trial_confirm, trial_new, trial_plan
    attack,
    effects,
    first_run,
    goals,
    helpers,
    intake,
    plan,
    plan_change,
    session_sites,
    suitability,
    today,
    trial_confirm,
    trial_new,
    trial_plan,
)

ENDPOINTS: tuple[Endpoint, ...] = with_description((
    *answer.ROWS,
    *attack.ROWS,
    *device.ROWS,
    *calendar.ROWS,
    *catch_up.ROWS,
    *day.ROWS,
    *effects.ROWS,
    *entries.ROWS,
    *entry.ROWS,
    *evening.ROWS,
    *first_run.ROWS,
    *goals.ROWS,
    *help_card.ROWS,
    *helpers.ROWS,
    *ping.ROWS,
    *medicines.ROWS,
    *reports.ROWS,
    *sharing.ROWS,
    *intake.ROWS,
    *plan.ROWS,
    *plan_change.ROWS,
    *session_sites.ROWS,
    *suitability.ROWS,
    *theme.ROWS,
    *today.ROWS,
    *treatments.ROWS,
    *trial_confirm.ROWS,
    *trial_new.ROWS,
    *trial_plan.ROWS,  # after those whose addresses say more
))  # fmt: skip
