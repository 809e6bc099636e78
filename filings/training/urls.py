"""The map of the learners' face."""

from django.urls import path

from filings.training import exercising, learning, recording

urlpatterns = [
    path("", learning.course, name="learn"),
    path("come-in", learning.come_in, name="learn_come_in"),
    path("come-back", learning.come_back, name="learn_come_back"),
    path("code", learning.return_code, name="learn_code"),
    path("leave", learning.leave, name="learn_leave"),
    path("exercises/<slug:exercise>", exercising.brief, name="learn_exercise"),
    path("exercises/<slug:exercise>/begin", exercising.begin, name="learn_begin"),
    path("attempts/<slug:attempt>", exercising.review, name="learn_attempt"),
    path("attempts/<slug:attempt>/go-on", exercising.go_on, name="learn_go_on"),
    path("attempts/<slug:attempt>/end", exercising.end, name="learn_end"),
    path("diary", learning.diary, name="learn_diary"),
    path("record", recording.record, name="learn_record"),
    path("record.json", recording.record_json, name="learn_record_json"),
    path("record.pdf", recording.record_pdf, name="learn_record_pdf"),
    path("forget", recording.forget, name="learn_forget"),
    path("verify/<str:code>", recording.verify, name="learn_verify"),
]
