"""Checks the signature of a request that is denied, and does nothing else: AWS tells only those who have the secret.

The check is moto's own, and so is what of the request goes into it.
"""

from moto.core.responses import BaseResponse
from moto.iam.access_control import IAMRequest, S3IAMRequest
from moto.moto_server.werkzeug_app import BackendRequest


class Refused(Exception):
    """Holds why, in the words of refusals.ts."""


class Reasons:
    """moto's refusals, without the shape that each service gives them."""

    def _raise_signature_does_not_match(self):
        raise Refused("wrong-signature")

    def _raise_invalid_access_key(self, _reason):
        raise Refused("unknown-key")


class SignedRequest(Reasons, IAMRequest):
    pass


class SignedS3Request(Reasons, S3IAMRequest):
    pass


class Reader(BaseResponse):
    """A service that knows no action."""

    def _get_action(self):
        return "none"


def refusal_of(environ):
    """`denied` where the signature is right, else what is wrong with it."""
    request = BackendRequest(environ)
    reader = Reader(service_name="sandbox")
    reader.setup_class(request, use_raw_body=True)
    signed = SignedS3Request if "/s3/aws4_request" in request.headers["Authorization"] else SignedRequest
    query = f"?{request.query_string.decode()}" if request.query_string else ""
    try:
        signed(
            account_id=reader.current_account,
            method=request.method,
            path=request.raw_path + query,
            data=reader.data,
            body=reader.raw_body,
            headers=request.headers,
            action="none",
        ).check_signature()
    except Refused as refused:
        return str(refused)
    return "denied"
