"""Runs moto, the imitation of AWS, as the sandbox needs it.

It is the real moto server, every request of it, with what the sandbox cannot do without and moto lacks:

1. Authentication without authorization. Signatures are checked as moto checks them, by a user's access keys. Whether the
   user may do it is not asked: moto compares neither the resource nor the conditions of a policy, so that every scoped
   statement would be answered wrongly.
2. Saving and restoring. moto keeps its world in memory; GET and PUT /sandbox/state hand it over and take it back.
3. Rules of IAM that moto leaves out: an inactive key is refused, and a user with keys or groups is not deleted
   (https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html).
4. Sessions of roles in other accounts, without the cost at which moto finds the account of a key.
5. AssumeRoleWithWebIdentity, which nobody signs, although signatures are checked.
6. The first user, with the access key the sandbox has chosen: moto would make up another one.

It reads one line of JSON from stdin, so that no secret is among its arguments: `accountId`, `token`, and for a new world
`deployer` {userName, accessKeyId, secretAccessKey, policyArn}. Then it prints one line, {"port": n}. It ends when stdin
does, so that it never outlives the process that started it. See moto.ts, which does that.
"""

import gzip
import importlib
import json
import os
import pickle
import sys
import threading
import zlib
from hmac import compare_digest
from importlib.metadata import version

SETTINGS = json.loads(sys.stdin.readline())

# moto reads these when it is imported.
os.environ |= {
    "MOTO_ACCOUNT_ID": SETTINGS["accountId"],
    # Roles made by Seqera Forge attach policies of AWS's own; without this moto has none.
    "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
    # Buckets are addressed by path here: else `123456789012.localhost` would be the bucket `123456789012`.
    "S3_IGNORE_SUBDOMAIN_BUCKETNAME": "true",
    # No web page has any business with this server.
    "MOTO_DISABLE_GLOBAL_CORS": "true",
    "INITIAL_NO_AUTH_ACTION_COUNT": "0",
}

from moto.core.authorization import ActionAuthenticatorMixin  # noqa: E402
from moto.core.base_backend import BackendDict  # noqa: E402
from moto.iam.access_control import CreateAccessKeyFailure, IAMRequestBase, IAMUserAccessKey  # noqa: E402
from moto.iam.exceptions import DeleteConflictException  # noqa: E402
from moto.iam import models as iam_models  # noqa: E402
from moto.iam.models import IAMBackend, iam_backends  # noqa: E402
from moto.moto_server.werkzeug_app import MotoRequestHandler  # noqa: E402
from moto.server import DomainDispatcherApplication, create_backend_app  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402
from werkzeug.wrappers import Request, Response  # noqa: E402

# Read by now, as the account of keys that are not known. Left here, it would be every key's account.
del os.environ["MOTO_ACCOUNT_ID"]


def sign_empty_bodies_as_empty():
    """moto takes the headers for the body where there is neither body nor query, so that no such signature matches."""
    create = IAMRequestBase._create_aws_request

    def create_from_bytes(self):
        request = create(self)
        if not self._headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
            request.data = self._body
        return request

    IAMRequestBase._create_aws_request = create_from_bytes


def refuse_inactive_keys():
    known = IAMUserAccessKey.__init__

    def active(self, account_id, partition, access_key_id, headers):
        known(self, account_id, partition, access_key_id, headers)
        keys = self.backend.list_access_keys(self._owner_user_name)
        if any(key.access_key_id == access_key_id and key.status != "Active" for key in keys):
            raise CreateAccessKeyFailure(reason="InvalidId")

    IAMUserAccessKey.__init__ = active


def refuse_to_delete_users_in_use():
    delete = IAMBackend.delete_user

    def delete_unused(self, user_name):
        if self.get_user(user_name).access_keys:
            raise DeleteConflictException("Cannot delete entity, must delete access keys first.")
        if self.get_groups_for_user(user_name):
            raise DeleteConflictException("Cannot delete entity, must remove users from group first.")
        delete(self, user_name)

    IAMBackend.delete_user = delete_unused


def find_accounts_of_keys():
    """A role's session may be of another account. moto's own search makes IAM anew for every account and partition."""

    def account_of(access_key):
        for account_id, partitions in list(iam_backends.items()):
            if any(access_key in iam.access_keys for iam in list(partitions.values())):
                return account_id
        return SETTINGS["accountId"]

    iam_models.get_account_id_from = account_of


def let_web_identities_in():
    check = ActionAuthenticatorMixin._authenticate_and_authorize_action

    def check_signed(self, *args, **kwargs):
        if self._get_action() != "AssumeRoleWithWebIdentity":
            check(self, *args, **kwargs)

    ActionAuthenticatorMixin._authenticate_and_authorize_action = check_signed


def create_deployer(deployer):
    """The user Pulumi works as, with the access key that lies in 1Password."""
    iam = iam_backends[SETTINGS["accountId"]]["aws"]
    iam.create_user("aws", user_name=deployer["userName"])
    iam.attach_user_policy(deployer["policyArn"], deployer["userName"])
    key = iam.create_access_key(deployer["userName"])
    del iam.access_keys[key.access_key_id]
    key.access_key_id = deployer["accessKeyId"]
    key.secret_access_key = deployer["secretAccessKey"]
    iam.access_keys[key.access_key_id] = key


def save():
    """The whole world, one pickle in all. Returns it and the names of the services that had to be left out.

    S3 objects are in it. A service whose backend cannot be pickled (ssm, which holds a lambda; batch while a job runs in
    a thread) is left out and begins anew.
    """
    worlds, omitted = {}, []
    for backends in BackendDict._instances:
        world = {
            "backends": {account: dict(regions) for account, regions in backends.items()},
            # Which account a bucket belongs to; S3 keeps it beside its backends.
            "bucket_accounts": getattr(backends, "bucket_accounts", None),
        }
        try:
            pickle.dumps(world)
            worlds[(backends.backend.__module__, backends.backend.__name__)] = world
        except (pickle.PicklingError, AttributeError, TypeError):
            omitted.append(backends.service_name)
    # One pickle for all, so that an object two services share is still one object afterwards.
    return gzip.compress(pickle.dumps({"moto": version("moto"), "worlds": worlds}), 6), omitted


def load(state):
    """Replaces the world by a saved one. Raises ValueError where it is none, or another version of moto saved it."""
    try:
        saved = pickle.loads(gzip.decompress(state))
    except (OSError, EOFError, pickle.UnpicklingError, zlib.error) as error:
        raise ValueError(f"not a saved world: {error}") from error
    if saved["moto"] != version("moto"):
        raise ValueError(f"saved by moto {saved['moto']}, and this is moto {version('moto')}")
    BackendDict.reset()
    for (module, name), world in saved["worlds"].items():
        backends = next(
            value
            for value in vars(importlib.import_module(module)).values()
            if isinstance(value, BackendDict) and value.backend.__name__ == name
        )
        for account, regions in world["backends"].items():
            for region, backend in regions.items():
                dict.__setitem__(backends[account], region, backend)
        if world["bucket_accounts"] is not None:
            backends.bucket_accounts = world["bucket_accounts"]


class Application:
    """moto's application and the sandbox's own two requests, one at a time: moto does not guard its dictionaries."""

    def __init__(self):
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        with self.lock:
            if not environ["PATH_INFO"].startswith("/sandbox/"):
                return self.moto(environ, start_response)
            return self.own(Request(environ))(environ, start_response)

    def own(self, request):
        # A pickle is code: only who started this process may hand one in.
        if not compare_digest(request.headers.get("x-sandbox-token", ""), SETTINGS["token"]):
            return Response("wrong token", 403)
        if (request.method, request.path) == ("GET", "/sandbox/state"):
            state, omitted = save()
            return Response(state, headers={"x-omitted": ",".join(omitted)}, mimetype="application/octet-stream")
        if (request.method, request.path) == ("PUT", "/sandbox/state"):
            try:
                load(request.get_data())
            except ValueError as error:
                return Response(str(error), 409)
            return Response(status=204)
        return Response("GET or PUT /sandbox/state", 404)


class QuietHandler(MotoRequestHandler):
    """Werkzeug would print a line for each request; the gateway keeps that record."""

    def log(self, type, message, *args):
        if type == "error":
            super().log(type, message, *args)


def end_with_stdin():
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    IAMRequestBase.check_action_permitted = lambda self, resource: None
    sign_empty_bodies_as_empty()
    refuse_inactive_keys()
    refuse_to_delete_users_in_use()
    find_accounts_of_keys()
    let_web_identities_in()
    if "deployer" in SETTINGS:
        create_deployer(SETTINGS["deployer"])
    server = make_server("127.0.0.1", 0, Application(), threaded=True, request_handler=QuietHandler)
    print(json.dumps({"port": server.port}), flush=True)
    threading.Thread(target=end_with_stdin, daemon=True).start()
    server.serve_forever()
