"""A client of one file, in Python with httpx: the main job, every body sent in chunks.

BASE=http://127.0.0.1:8000 python chunked.py
"""

import json
import os

import httpx

BASE = os.environ["BASE"]
JSON = {"Content-Type": "application/json"}


def chunked(body):
    """A body of which httpx does not know the length: it is sent with Transfer-Encoding: chunked."""
    data = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    return (data[at : at + 64] for at in range(0, len(data), 64))


def call(method, path, body=None, headers=JSON, status=200, token=""):
    sent = {**headers, **({"Authorization": f"Bearer {token}"} if token else {})}
    answer = httpx.request(
        method, BASE + path, content=None if body is None else chunked(body), headers=sent, timeout=30
    )
    assert answer.status_code == status, (method, path, answer.status_code, answer.text)
    return answer.json() if answer.content else None


world = call("POST", "/control/v1/sandboxes", {"scenario": "reject; reason=address_mismatch"}, status=201)
assert world["scenario"] == "reject; reason=address_mismatch"
at = f"/control/v1/sandboxes/{world['id']}"
assert call("PUT", f"{at}/scenario", {"scenario": "approve"})["scenario"] == "approve"
player = next(one for one in world["accounts"] if one["role"] == "cardless")
session = call(
    "POST",
    "/api/v1/sessions",
    {"sandbox": world["id"], "username": player["username"], "password": player["password"]},
    status=201,
)
token = session["token"]
reference = httpx.get(f"{BASE}/first-steps/reference-registration.json").json()
filing = call("POST", "/api/v1/filings", reference, status=201, token=token)["id"]
patched = call("PATCH", f"/api/v1/filings/{filing}", {"content": {"remarks": "分块发送"}}, token=token)
assert patched["content"]["remarks"] == "分块发送"
file = b'--b\r\nContent-Disposition: form-data; name="file"; filename="form.pdf"\r\n\r\n%PDF-1.4\n%%EOF\r\n--b--\r\n'
form = {"Content-Type": "multipart/form-data; boundary=b"}
assert call("POST", f"/api/v1/filings/{filing}/attachments", file, form, 201, token)["filename"] == "form.pdf"
assert call("POST", f"/api/v1/filings/{filing}/declare", {}, token=token)["status"] == "declared"
call("POST", f"{at}/clock/advance", {"by": "P1D"})
assert call("GET", f"/api/v1/filings/{filing}", token=token)["status"] == "approved"
call("DELETE", at, status=204)
print("chunked all the way")
