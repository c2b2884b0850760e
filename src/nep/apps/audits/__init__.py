"""Internal audits: programme, plan, team, checklists, samples, findings, papers."""
