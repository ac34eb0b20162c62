"""When a trial is looked at again, so that what is due is found without reading every story."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A day that may be missing, and an index over it; `upgrading` derives the days from the events."""
    op.add_column("trial", sa.Column("review_on", sa.Date() if op.get_context().dialect.name == "postgresql" else sa.Text()))
    op.create_index("ix_trial_review_on_person", "trial", ["review_on", "person"])


def downgrade() -> None:
    """The events say it still."""
    op.drop_index("ix_trial_review_on_person", "trial")
    op.drop_column("trial", "review_on")
