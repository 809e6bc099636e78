"""What an attempt was judged, as a build server reads it."""

from __future__ import annotations

from xml.etree import ElementTree

from filings.models import Attempt
from filings.rules.exercises.grading import Evaluation, Proof, Verdict


def junit(attempt: Attempt, found: Evaluation) -> bytes:
    """An evaluation as a JUnit report: one case a check; what is not yet so has failed for a build."""
    failed = [check for check in found.checks if check.verdict in (Verdict.FAIL, Verdict.NOT_YET)]
    errors = [check for check in found.checks if check.verdict is Verdict.ERROR]
    counts = {"tests": str(len(found.checks)), "failures": str(len(failed)), "errors": str(len(errors))}
    root = ElementTree.Element("testsuites", {"name": attempt.sandbox_key, **counts})
    suite = ElementTree.SubElement(root, "testsuite", {"name": attempt.exercise, **counts})
    for check in found.checks:
        case = ElementTree.SubElement(suite, "testcase", classname=f"exercise.{attempt.exercise}", name=check.id)
        shown = "；".join(map(_told, check.evidence))
        if check in failed:
            node = ElementTree.SubElement(case, "failure", type=check.verdict.value, message=check.say)
            node.text = shown
        elif check in errors:
            ElementTree.SubElement(case, "error", message=check.say)
        else:
            ElementTree.SubElement(case, "system-out").text = shown
    besides = [f"{mistake.id}：{mistake.say}" for mistake in found.mistakes]
    besides += [
        f"{each.label}（{each.pointer}）：填写 {each.yours}，材料 {each.document}（{each.where}）"
        for each in found.differences
    ]
    ElementTree.SubElement(suite, "system-out").text = "\n".join(besides)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _told(proof: Proof) -> str:
    if proof.seq:
        return f"事件 {proof.seq}"
    return proof.path or f"事件 {proof.first} 至 {proof.last}"
