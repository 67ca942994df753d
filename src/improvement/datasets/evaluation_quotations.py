"""Dataset D09: an index of the quotations in the evaluation of NHS IMPACT, with the speakers as printed (real)."""

from __future__ import annotations

from collections.abc import Iterator

COLUMNS = {
    "quotation": int,
    "fragment": str,
    "speaker": str,
    "voice": str,
    "repeat_of": int,
    "source": str,
}

_REPORT = "Burgess and Downham 2025"

# The organisation that ends a printed attribution, and the voice we count it as.
_VOICES = {
    "Ambulance Trust": "ambulance",
    "Community Health Partnership": "community",
    "Community Health Trust": "community",
    "Community Mental Health Trust": "mental health",
    "Community Trust": "community",
    "Hospital": "hospital",
    "Hospital Group": "hospital",
    "Hospital Trust": "hospital",
    "Hospital trust": "hospital",
    "ICB": "integrated care board",
    "Mental Health Provider": "mental health",
    "Mental Health Trust": "mental health",
    "National Improvement Stakeholder": "national",
    "Non-Hospital Provider": "other provider",
    "Non-Hospital Trust": "other provider",
    "Patient Partner": "patient partner",
    "Specialist Trust": "specialist",
}

# Part of the report -> its quotations in order: the speaker, and a few words, both as printed. A passage
# that the report prints twice carries the same words both times.
QUOTATIONS = {
    "Theme 1, opening": (
        ("Improvement Facilitator, Community Health Trust", "NHS IMPACT is our vehicle"),
        ("Associate Medical Director for Transformation, ICB", "NHS IMPACT gave us a"),
        ("Director of Transformation and Partnerships, Mental Health Trust", "It has helped to reinforce"),
        ("Associate Director for Quality and Improvement, Community Health Trust", "I think having the"),
        ("Deputy Director of Improvement, Hospital Trust", "NHS IMPACT is hugely helpful"),
        ("Director of Transformation and Partnerships, Mental Health Provider", "I think what it has"),
        ("Chief Clinical Improvement Officer, ICB", "I think it's helpful that"),
        ("Director of Improvement, Hospital Trust", "It gives me a framework"),
        ("Improvement Director, Hospital Trust", "Everyone is so complimentary about"),
        ("Improvement Facilitator, Hospital Trust", "mentioned so often by so many people"),
        ("Group Director of Improvement, Hospital Trust", "To explicitly say we are"),
        ("Head of Quality Improvement, Specialist Trust", "At the start it was"),
        ("Clinical Improvement Officer, ICB", "I think there's some truth"),
    ),
    "Theme 1, Traction": (
        ("Director of Quality Improvement, Hospital", "If you don’t have"),
        ("Quality and Improvement manager, Community Health Trust", "for the two sides to speak"),
    ),
    "Theme 1, Catalyst": (
        ("Associate Director of Quality, Community Health Partnership", "quite comfortable ignoring each other"),
    ),
    "Theme 1, Holistic": (
        ("Associate Director of Improvement, Hospital Trust", "opened the door for the"),
        ("Improvement Director, Hospital Group", "a whole leadership approach with"),
        ("Group Director of Improvement, Hospital Trust", "Improvement is everybody’s business, and"),
        ("Director of Improvement, Hospital Trust", "I love that it’s really"),
        ("Director of Quality, Community Health Trust", "They’d put in place a"),
        ("Director Improvement, Hospital Trust", "very, very separate"),
        ("Director of Improvement, ICB", "redesign some of our PMO work"),
        ("Director of Improvement Capability, Hospital Trust", "We appointed the Director of"),
    ),
    "Theme 1, Agnostic": (
        ("Quality Improvement Facilitator, Hospital Trust", "There's this thing that's come"),
        ("Director of Improvement, Hospital Trust", "NHS IMPACT has given me"),
        ("Director of Improvement and Transformation, Hospital Group", "When things got really fraught"),
        ("Director of Quality Improvement, Hospital Trust", "keep reinventing the wheel"),
    ),
    "Theme 1, critical reflection on parity": (
        ("Associate Director of Quality Improvement, Community Health Partnership", "If I think of what"),
        ("Deputy Director of Improvement, ICB", "oversight and assurance and performance management"),
    ),
    "Theme 1, value of the self-assessment": (
        ("Quality Improvement Leader, Community Health Trust", "I hate the self-assessment tool"),
        ("Director of Quality Improvement, Hospital Trust", "The questions were very high-level"),
        ("Director of Improvement, Hospital Group", "I got all very excited"),
        ("Director of Improvement, Hospital Group", "on to like Model Hospital"),
        ("Associate Director, ICB", "judging it at the other end"),
    ),
    "Theme 1, missed opportunity": (
        ("Associate Director of Quality, Mental Health Trust", "fluffy stuff"),
        ("Quality Improvement Facilitator, Hospital Trust", "There's a sense that the"),
        ("Director of Improvement and Transformation, Hospital Group", "When you find yourself in"),
    ),
    "Theme 2, opening": (
        ("Director of Improvement, Hospital Trust", "IMPACT has given us the"),
        ("Associate Director of Improvement, Hospital Trust", "I think that the framework"),
    ),
    "Theme 2, methods": (
        ("Associate Director of Improvement, Hospital Trust", "Post-merger, we inherited two distinct"),
        ("Chief Clinical Improvement Officer, ICB", "We chose the IHI-type programme"),
    ),
    "Theme 2, boundaries": (
        ("Associate Director of Quality Improvement, Community Health Trust", "We want the patient to"),
    ),
    "Theme 2, expertise": (
        ("Improvement Director, ICB", "As an ICB, the place"),
    ),
    "Theme 2, missing perspectives": (
        ("Patient Partner", "I haven’t got an NHS"),
    ),
    "Theme 3, opening": (
        ("Improvement Director, Hospital Trust", "So they’re a lifeline"),
        ("Associate Director of Improvement, Community Trust", "You know, the real connectors"),
        ("Director, ICB", "generating the energy behind"),
        ("Director of Partnerships, Hospital Group", "It’s been quite practical"),
        ("Director of Quality, Community Mental Health Trust", "Network is fantastic"),
        ("Director of Improvement, Hospital Trust", "genuinely sharing what people are doing"),
    ),
    "Theme 3, attention": (
        ("Quality Improvement Facilitator, Hospital Trust", "mentioned so often by so many people"),
        ("Deputy Director of Improvement, Hospital Trust", "So internally in the Trust"),
    ),
    "Theme 3, energy": (
        ("Director of Improvement, Hospital Group", "I couldn't be without the"),
        ("Head of Improvement, Non-Hospital Trust", "When you've got that passion"),
        ("Director, ICB", "generating the energy behind"),
    ),
    "Theme 3, learning": (
        ("Pathway Lead, Hospital Trust", "There's the Improvers Network"),
        ("Director of Improvement, Hospital Trust", "genuinely sharing what people are doing"),
        ("Improvement Director, Hospital Trust", "You know if I'm struggling"),
        ("Associate Director, Hospital Trust", "come together around the business of"),
    ),
    "Theme 3, network membership": (
        ("Director of Improvement, Hospital Group", "I think since we’ve had"),
        ("Director, Community Health Trust", "I personally feel that it"),
        ("Director of Improvement, Hospital Group", "So for me I was"),
        ("Deputy Director, ICB", "When my boss left and"),
        ("National Improvement Stakeholder", "They’ve got like a good"),
        ("Associate Director, ICB", "The Improvement Learners Network, there"),
        ("National Improvement Stakeholder", "this rigid hierarchy"),
    ),
    "Theme 3, minority staff groups": (
        ("Quality Role, ICB", "Being the race I am"),
    ),
    "Theme 3, medics": (
        ("Surgical Registrar, Hospital Trust", "If you're talking about, just"),
        ("Surgical Registrar, Hospital Trust", "was a world that you"),
    ),
    "Theme 3, GPs": (
        ("Chief Improvement Officer, ICB", "So what is the motivation"),
        ("Associate Medical Director, ICB", "Haven’t I got enough to"),
        ("Chief Improvement Officer, ICB", "You have to be mindful of"),
    ),
    "Theme 3, network overlap": (
        ("Medical Director, ICB", "I could spend my entire"),
        ("Quality Role, ICB", "staff headroom at the moment"),
        ("Director of Quality Improvement, Hospital Trust", "Is there a way that"),
        ("National Improvement Stakeholder", "I think there was a"),
        ("National Improvement Stakeholder", "So they're talking about creating"),
    ),
    "Theme 4, opening": (
        ("Deputy Director of Improvement, Hospital trust", "I would describe NHS IMPACT"),
        ("Improvement leader, Ambulance Trust", "I was trying to translate"),
        ("Quality Improvement Lead, ICB", "I suppose it holds the"),
        ("Quality Improvement Trainer, Hospital Trust", "In having this framework, I've"),
    ),
    "Theme 4, contextualisation": (
        ("Chief Improvement Officer, ICB", "You have to be mindful of"),
        ("Pathway Lead, Hospital Trust", "I like that it's not"),
        ("Quality Improvement Lead, ICB", "It's a single place that"),
        ("Quality Improvement Lead, ICB", "So it takes this huge"),
        ("Head of Improvement, Hospital Trust", "So I like that, and"),
    ),
    "Theme 4, socio-technical": (
        ("Director, ICB", "If you work within the"),
        ("Head of Improvement, Hospital Trust", "What I really like about"),
        ("Quality Improvement Lead, Community Trust", "an actual organisational management system"),
        ("National Improvement Stakeholder", "So, the quality equation isn’t"),
        ("Quality Improvement Lead, Community Trust", "IHI have taken a very"),
        ("Director of Improvement, Hospital Trust", "We're definitely not integrated. In"),
        ("Director of Partnerships, Hospital Group", "If you're balancing quality and"),
    ),
    "Theme 4, acceptability": (
        ("Director of Improvement, Hospital Trust", "I haven't had anyone in"),
        ("Assistant Director of Quality Improvement, Hospital Trust", "The five domains in the"),
        ("Director of Partnerships, Hospital Group", "With NHS IMPACT, there were"),
        ("Deputy Director, ICB", "NHS IMPACT came about and"),
    ),
    "Theme 4, guides and materials": (
        ("Chief Improvement Officer, ICB", "I’m not trained in it"),
        ("Pathway Lead, Hospital Trust", "I’ve found those resources and"),
        ("Associate Medical Director, ICB", "Providing ideas and materials and"),
        ("Quality Improvement Trainer, Hospital Trust", "improvement leaders training"),
        ("Lead for Quality Improvement, Hospital Trust", "We do translate"),
        ("Director of Improvement, Hospital Trust", "There’s sort of links to"),
        ("Associate Director of Improvement, Hospital Trust", "I don't think we use"),
        ("Director, ICB", "Are they currently being used"),
        ("Deputy Director of Quality Improvement, Hospital Trust", "We don't use"),
        ("National Improvement Stakeholder", "Organisations that are already doing"),
    ),
    "Theme 4, accessing resources": (
        ("Director of Improvement, Hospital Trust", "NHS Impact has a lot"),
        ("Patient Partner", "I'm talking about NHS IMPACT"),
        ("Surgical Registrar, Hospital Trust", "I mean, I did have"),
    ),
    "Theme 4, transformational or not": (
        ("Associate Director of Quality Improvement, Mental Health Trust", "The real opportunity to do"),
    ),
    "Theme 4, consultancy question": (
        ("Associate Director of Quality Improvement, Mental Health Trust", "rode really well on the"),
        ("National Improvement Stakeholder", "The work with Virginia Mason"),
    ),
    "Theme 4, differing translations": (
        ("National Improvement Stakeholder", "So the value for me"),
        ("Associate Director of Improvement, Hospital Trust", "and the more I've worked"),
        ("Deputy Director of Quality Improvement, Hospital Trust", "A big negative impact on"),
        ("Director, ICB", "I would happily be challenged"),
    ),
    "Theme 4, consultancy support": (
        ("National Improvement Stakeholder", "If you're a national organisation"),
        ("National Improvement Stakeholder", "It has to be owned"),
        ("National Improvement Stakeholder", "people who understand this and who"),
    ),
    "Theme 4, uneven resources": (
        ("Associate Director of Quality, Mental Health Trust", "There are different models going"),
        ("Chief Improvement Officer, ICB", "I just think it needs"),
        ("Director, ICB", "And I think the other"),
        ("National Improvement Stakeholder", "don't really need an"),
        ("Associate Director of Quality, Mental Health Trust", "I think showing that you"),
    ),
    "Theme 5, opening": (
        ("Director of Improvement, Hospital Trust", "Until NHS IMPACT came along"),
        ("Associate Director of Improvement, Hospital Trust", "I think the management system"),
    ),
    "Theme 5, dialogue": (
        ("Trust Lead for Quality Improvement, Mental Health Trust", "has allowed richer conversation and"),
        ("Director of Transformation, Hospital Trust", "Up until now, I don't"),
        ("Deputy Director of Quality Improvement, Hospital Trust", "We have a whole network"),
        ("Director of Improvement, Hospital Trust", "There's a drive and an"),
        ("Director of Transformation, Mental Health Trust", "I'm quite conscious that a"),
    ),
    "Theme 5, attention": (
        ("Associate Director, Community Trust", "That's really handy because now"),
        ("Associate Director, Hospital Trust", "is just starting to be"),
        ("Head of Quality Improvement, Non-Hospital Provider", "The part around the management"),
        ("Director of Transformation, Mental Health Trust", "I think there is a"),
    ),
    "Theme 5, localised to systemic": (
        ("Director of Improvement, Hospital Trust", "come together around the business of"),
        ("Improvement lead, Community Health Trust", "You have two jobs: do"),
        ("Director of Improvement, Hospital Trust", "More importantly for me, more"),
        ("Director of Improvement, Hospital Trust", "I had a lot of"),
        ("Director of Improvement, Hospital Group", "They’ve just started using weekly"),
        ("Assistant Director of Improvement, Hospital Trust", "It was almost a call"),
    ),
    "Challenge 1, fields": (
        ("National Improvement Stakeholder", "people who understand this and who"),
    ),
    "Challenge 2, tell or sell": (
        ("Associate Director of Quality, Hospital", "some standard training materials"),
        ("National Improvement Stakeholder", "Are we allowing a little"),
    ),
    "Challenge 4, mandate": (
        ("Director of Improvement, Hospital Group", "So that wasn't really helpful"),
        (None, "judging it at the other end"),
    ),
    "Challenge 7, longevity": (
        ("Director of Improvement, Hospital", "You can't do this work"),
        ("Director of Improvement, Hospital", "Every year we want to"),
        ("Associate Director, Hospital", "hold our nerve on this"),
        ("Patient Partner", "I could really use some"),
        ("Associate Director of Improvement, Community Health Trust", "fluffy stuff"),
        ("Improvement Director, ICB", "oversight and assurance and performance management"),
        ("Group Director of Improvement, Hospital", "CQC tops everything"),
        ("National Improvement Stakeholder", "do its work in a"),
    ),
}  # fmt: skip


def rows() -> Iterator[tuple[int, str, str | None, str | None, int | None, str]]:
    """The rows in the order in which the report prints them."""
    number = 0
    first_printed: dict[str, int] = {}
    for part, quotations in QUOTATIONS.items():
        for place, (speaker, fragment) in enumerate(quotations, start=1):
            number += 1
            first = first_printed.setdefault(fragment, number)
            voice = _VOICES[speaker.rsplit(", ", 1)[-1]] if speaker else None
            repeat_of = first if first < number else None
            yield (
                number,
                fragment,
                speaker,
                voice,
                repeat_of,
                f"{_REPORT}: {part}, quotation {place} of the index",
            )
