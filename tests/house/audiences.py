"""For whom each address is, kept by hand: a new endpoint is added here on purpose, or the tests stop it.

Officers' addresses name the roles; `public` and `applicants` pages are grouped by audience.
"""

from __future__ import annotations

from mpaspor.desk.rules import DESK_ROLES
from mpaspor.people.rules import Role
from mpaspor.web.access import Audience

ADJUDICATOR, SUPERVISOR = {Role.ADJUDICATOR}, {Role.SUPERVISOR}
DOOR = {Role.RECEPTION, Role.SUPERVISOR}
PAPERS = {Role.VERIFIER, Role.INTERVIEWER, Role.ADJUDICATOR}
ANY_DESK = set(DESK_ROLES)
STATIONS = ANY_DESK - {Role.RECEPTION, Role.SUPERVISOR}

_OFFICERS: dict[str, set[Role] | set[Audience]] = {
    "board": {Audience.OFFICER},
    "still_here": {Audience.OFFICER},
    "send_again": {Audience.OFFICER},
    "show_own_account": {Audience.OFFICER},
    "make_recovery_codes": {Audience.OFFICER},
    "ask_new_app": {Audience.OFFICER},
    "change_app": {Audience.OFFICER},
    "sign_out_elsewhere": {Audience.OFFICER},
    "ask_new_passkey": {Audience.OFFICER},
    "add_passkey": {Audience.OFFICER},
    "name_passkey": {Audience.OFFICER},
    "remove_passkey": {Audience.OFFICER},
    "case": ANY_DESK,
    "show_paper": ANY_DESK,
    "show_letter": ANY_DESK,
    "show_photo": ANY_DESK,
    "show_search": ANY_DESK,
    "search": ANY_DESK,
    "look_at_scan": ANY_DESK,
    "look_at_nothing": ANY_DESK,
    "show_closures": SUPERVISOR,
    "preview_closure": SUPERVISOR,
    "close_those_hours": SUPERVISOR,
    "show_closure": SUPERVISOR,
    "reopen_those_hours": SUPERVISOR,
    "show_without_hour": SUPERVISOR,
    "announce_todays_delay": SUPERVISOR,
    **dict.fromkeys(("show_releases", "preview_release", "plan_this_release"), SUPERVISOR),
    **dict.fromkeys(("ask_to_cancel_release", "cancel_this_release", "show_habits"), SUPERVISOR),
    "show_check_in": DOOR,
    "ask_to_open_kiosk": DOOR,
    "make_kiosk": DOOR,
    "let_in": DOOR,
    "prioritise": DOOR,
    **dict.fromkeys(("show_offline_door", "show_sign_of_life", "take_list", "tell_arrival"), DOOR),
    **dict.fromkeys(("show_walk_ins", "register", "show_slip", "renew_slip", "seat_here"), DOOR),
    "show_asking": DOOR,
    "ask_for_supervisor": DOOR,
    "show_questions": SUPERVISOR,
    "answer_door": SUPERVISOR,
    "choose_counter": STATIONS,
    "call_next": STATIONS,
    "pause": STATIONS,
    "call_this_one": STATIONS,
    "call_again": STATIONS,
    "park": STATIONS,
    "skip": STATIONS,
    "ask_whom_to_hand_on_to": STATIONS,
    "hand_on": STATIONS,
    "take_over": STATIONS,
    "put_first": SUPERVISOR,
    "accept_paper": PAPERS,
    "want_paper": PAPERS,
    "draft_difference": PAPERS,
    "finish_documents": PAPERS,
    "take_photo": {Role.BIOMETRICS},
    "interview": {Role.INTERVIEWER},
    "keep_interview_notes": {Role.INTERVIEWER},
    "grant": ADJUDICATOR,
    "preview_letter": ADJUDICATOR,
    "ask_registries": ADJUDICATOR,
    "show_registries": ADJUDICATOR,
    "propose": ADJUDICATOR,
    "confirm_proposal": ADJUDICATOR,
    "decline_proposal": ADJUDICATOR,
    "record_booklet": {Role.PRINTER},
    "show_granted": {Role.PRINTER},
    "show_sheet": {Role.PRINTER},
    "scan_booklet": {Role.PRINTER},
    "show_stock": {Role.PRINTER, Role.QUALITY, Role.SUPERVISOR},
    "receive_booklets": SUPERVISOR,
    "write_off_booklet": {Role.PRINTER, Role.SUPERVISOR},
    "pass_quality": {Role.QUALITY},
    "fail_quality": {Role.QUALITY},
    "show_pickup": {Role.HANDOVER},
    "find_pickup": {Role.HANDOVER},
    "give_passport": {Role.HANDOVER},
    "step_back": ANY_DESK - {Role.HANDOVER},
    "close": SUPERVISOR,
    "propose_nik": {Role.VERIFIER, Role.SUPERVISOR},
    "confirm_nik": {Role.VERIFIER, Role.SUPERVISOR},
    "decline_nik": {Role.VERIFIER, Role.SUPERVISOR},
    "correct": {Role.VERIFIER, Role.SUPERVISOR},
    "second_chance": SUPERVISOR,
    **dict.fromkeys(
        ("list_officers", "show_officer", "note_absence", "end_absence"), {Role.ADMIN, Role.SUPERVISOR}
    ),
    "delegate": SUPERVISOR,
    "end_delegation": SUPERVISOR,
    **dict.fromkeys(
        (
            "ask_invitation",
            "invite",
            "change_roles",
            "reset_access",
            "dismiss",
        ),
        {Role.ADMIN},
    ),
    "show_report": {Role.SUPERVISOR},
    "show_chart": {Role.SUPERVISOR},
    "take_csv": {Role.SUPERVISOR},
    "take_workbook": {Role.SUPERVISOR},
    "show_failed_messages": {Role.SUPERVISOR, Role.ADMIN},
    "retry_message": {Role.SUPERVISOR, Role.ADMIN},
}

# Whose page it is before anybody is known: forms, so with a session.
_VISITORS = """
    applicants.new_account applicants.create_account
    applicants.ask_verification applicants.check_verification applicants.resend_verification
    applicants.ask_email applicants.change_email
    applicants.sign_in applicants.check_sign_in
    applicants.ask_sign_in_code applicants.check_sign_in_code applicants.resend_sign_in_code
    applicants.forgotten applicants.send_reset
    applicants.ask_reset_code applicants.check_reset applicants.resend_reset_code
    applicants.sign_out
    officers.sign_in officers.check_sign_in officers.ask_code officers.check_code
    officers.ask_passkey officers.check_passkey
    officers.ask_unlock officers.unlock
    officers.open_link officers.use_link officers.sign_out
    public.check public.show_display public.show_kiosk public.ask_kiosk
    public.print_letter public.show_printed
"""
_ANYONE = """
    applicants.signed_out assets.serve
    public.start public.list_topics public.read_topic public.list_offices public.show_schedule
    public.verify_letter public.alive public.ready
"""
_APPLICANTS = """
    applicants.show_account applicants.change_language applicants.ask_new_password
    applicants.change_own_password applicants.end_device applicants.end_other_devices
    applicants.confirm_sign_out
    applicants.show_claim applicants.claim
    applicants.show_applications applicants.ask_eligibility applicants.start
    applicants.show_case applicants.show_tasks applicants.edit_page applicants.save_answers
    applicants.show_nik_doubts applicants.check_answers applicants.show_declaration
    applicants.make_declaration applicants.ask_to_discard applicants.discard
    applicants.show_documents applicants.give_document applicants.return_to_document
    applicants.take_back_document applicants.show_picture applicants.view_document applicants.show_openings
    applicants.choose_slot applicants.take_slot applicants.choose_new_slot applicants.move_slot
    applicants.propose_slot applicants.confirm_move applicants.accept_proposed
    applicants.ask_to_withdraw applicants.withdraw_case
    payments.show_bill payments.ask_to_cancel payments.cancel payments.letter
"""
_DEMO = """
    demo.components demo.list_messages demo.show_file demo.show_telephones
    demo.pay demo.pay_send
"""
_BANKS = "snap.access_token snap.inquiry snap.payment snap.status"

_GROUPS = {
    Audience.VISITOR: _VISITORS,
    Audience.ANYONE: _ANYONE,
    Audience.APPLICANT: _APPLICANTS,
    Audience.DEMO: _DEMO,
    Audience.BANK: _BANKS,
}

AUDIENCES: dict[str, frozenset[Audience | Role]] = {
    **{f"officers.{name}": frozenset(who) for name, who in _OFFICERS.items()},
    **{name: frozenset({who}) for who, names in _GROUPS.items() for name in names.split()},
}
