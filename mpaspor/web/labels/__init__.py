"""Words for people, in Indonesian through gettext: states, choices and the sentence of every refusal.

One file a room, imported by name. The room of applications has three, as its words fill more than one:
`applications`, `answers` and `papers`; `journey` tells the applicant what case, money and hour mean together,
and `refusals` finds the sentence of a refusal. What a page says beside these stands in its template.
"""
