"""What the attack screen has to reach, one by one, on a phone; and that it works where nobody signed in."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from cleardays.report.words import reading_grade
from cleardays.store import open_store
from reference import app, pages
from reference.away import away
from reference.browser import DESK, PHONE, Visit, served
from reference.screens import asked, luminance, measured, ready, tap
