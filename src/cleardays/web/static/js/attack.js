// The attack screen.
