"""Studies: many trainings, compared with each other, with the lecture's claims, and with reference bands."""
