from tests.programs import programs_forked as programs_forked
