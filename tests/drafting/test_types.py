"""Which sentences make a draft, and of which type, in four languages."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "event_type", "sub_event_type"),
    [
        (
            "Mortars fell on Kobani on Monday.",
            "explosions_remote_violence",
            "shelling_artillery_missile_attack",
        ),
        ("A drone struck a car near Qamishli.", "explosions_remote_violence", "air_drone_strike"),
        ("A landmine exploded in Manbij.", "explosions_remote_violence", "remote_explosive_landmine_ied"),
        ("Heavy clashes erupted in Ain Issa.", "battles", "armed_clash"),
        ("Gunmen shot dead a teacher in Raqqa.", "violence_against_civilians", "attack"),
        ("Teachers protested in Hasakah.", "protests", "peaceful_protest"),
        ("Police detained two men in Manbij.", "detention", "arrest"),
        ("Hundreds of families fled Ain Issa.", "displacement", "flight"),
        ("The army withdrew from Manbij.", "strategic_developments", "non_violent_transfer_of_territory"),
        ("سقطت قذائف على كوباني.", "explosions_remote_violence", "shelling_artillery_missile_attack"),
        ("استهدفت طائرة مسيرة سيارة قرب القامشلي.", "explosions_remote_violence", "air_drone_strike"),
        ("انفجر لغم في منبج.", "explosions_remote_violence", "remote_explosive_landmine_ied"),
        ("اندلعت اشتباكات عنيفة في عين عيسى.", "battles", "armed_clash"),
        ("خرجت مظاهرة في الحسكة.", "protests", "peaceful_protest"),
        ("اعتقلت الأسايش شخصين في منبج.", "detention", "arrest"),
        ("نزحت مئات العائلات من عين عيسى.", "displacement", "flight"),
        ("Li Kobanê pevçûn derketin.", "battles", "armed_clash"),
        ("Li Qamişloyê mayînek teqiya.", "explosions_remote_violence", "remote_explosive_landmine_ied"),
        ("Li Hesekê xelkê xwepêşandan kir.", "protests", "peaceful_protest"),
        ("Kobani'de çatışma çıktı.", "battles", "armed_clash"),
        ("Münbiç'te mayın patladı.", "explosions_remote_violence", "remote_explosive_landmine_ied"),
        ("Kamışlı'da polis üç kişiyi gözaltına aldı.", "detention", "arrest"),
    ],
)
def test_a_sentence_that_tells_an_event_is_drafted_with_its_type(draft, text, event_type, sub_event_type):
    made = draft(text)

    assert (made.kind.value, made.event_type, made.sub_event_type) == ("event", event_type, sub_event_type)
    assert made.source.quote == text


@pytest.mark.parametrize(
    "text",
    [
        "The council called for an end to the shelling of Kobani.",
        "Residents of Manbij fear that the army will shell the town.",
        "No clashes were reported in Ain Issa on Monday.",
        "The ministry denied that its aircraft had bombed Manbij.",
        "If the army attacked Kobani, thousands of families would flee.",
        "Was Manbij shelled on Monday?",
        "In 2014 gunmen shot dead a teacher in Raqqa.",
        "The minister demanded the repatriation of detainees and a withdrawal from Manbij.",
        "طالب المجلس بوقف القصف على كوباني.",
        "لم تقع اشتباكات في عين عيسى يوم الاثنين.",
        "حذرت الإدارة من أن القوات ستهاجم منبج.",
        "نفت الوزارة قصف منبج.",
        "Kobani'de çatışma yaşanmadı, haber yalanlandı.",
        "Meclîsê daxwaz kir ku êrîşên li ser Kobanê bên rawestandin.",
    ],
)
def test_what_is_demanded_feared_denied_or_long_past_is_no_draft(drafts, text):
    made = drafts(text)

    # To demand something in public is an event itself: a statement.
    assert [each.title for each in made if each.event_type != "statements"] == []


def test_the_weightiest_rule_of_an_event_gives_its_type_and_says_by_which_words(draft):
    made = draft("An explosion was heard in Manbij on Monday. A car bomb went off, a witness said.")

    assert made.sub_event_type == "remote_explosive_landmine_ied"
    assert "because of “car bomb went” (rule: bomb went off)" in str(made.why[0])


def test_a_condition_holds_and_is_named_after_its_type_and_place(draft):
    made = draft("The Semalka crossing has been closed since Friday.")

    assert (made.kind.value, made.sub_event_type) == ("condition", "crossing_closed")
    assert made.title == "Crossing closed: Semalka crossing"
    assert (made.date_start.isoformat(), made.date_end) == ("2022-01-21", None)


def test_a_closure_that_a_demand_takes_for_granted_is_a_condition(draft):
    made = draft(
        "The council urged the government to reconsider the decision of closing the Semalka crossing."
    )

    assert (made.kind.value, made.sub_event_type) == ("condition", "crossing_closed")
    assert "takes for granted" in " ".join(map(str, made.why))
