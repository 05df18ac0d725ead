"""Runs moto, the imitation of AWS, as the sandbox needs it.

It is the real moto server, every request of it, with what the sandbox cannot do without and moto lacks:

1. Authentication without authorization. Signatures are checked as moto checks them, by a user's access keys. Whether the
   user may do it is not asked: moto compares neither the resource nor the conditions of a policy, so that every scoped
   statement would be answered wrongly. The gateway decides it: POST /sandbox/identity tells it whose an access key is, with
   all documents (identity.py), and of the things a request names what the decision needs (facts.py). A request it denies
   arrives with the header X-Sandbox-Denied; only its signature is checked (authentication.py).
2. Saving and restoring. moto keeps its world in memory; GET and PUT /sandbox/state hand it over and take it back.
3. Rules of IAM that moto leaves out: an inactive key is refused, a user with keys or groups is not deleted
   (https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html), and a role that does not exist is not assumed.
4. Sessions of roles in other accounts, without the cost at which moto finds the account of a key.
5. AssumeRoleWithWebIdentity, which nobody signs, although signatures are checked. Of a token that can be read, its end and
   its issuer are held against the clock and the role's trust; its signature is not, for nobody here has issued it.
6. The first user, with the access key the sandbox has chosen: moto would make up another one. The roles that people get by
   signing in. And Seqera Platform's own session, by which it assumes roles: that role is in Seqera's account, the session's
   key where moto looks for all keys.

It reads one line of JSON from stdin, so that no secret is among its arguments: `accountId`, `token`, and for a new world
`deployer` {userName, accessKeyId, secretAccessKey, policyArn}, `seqera` {accountId, roleName, accessKeyId,
secretAccessKey, sessionToken} and `people` [{accountId, name, policyArn}]. Then it prints one line, {"port": n}. It ends when
stdin does, so that it never outlives the process that started it. See moto.ts, which does that.
"""

import gzip
import importlib
import json
import os
import pickle
import sys
import threading
import zlib
from base64 import urlsafe_b64decode
from contextlib import suppress
from datetime import datetime, timezone
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

# Isolated Python (-I) does not look for modules here, and no compiled file is to lie beside the sources.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True
from authentication import refusal_of  # noqa: E402
from facts import facts_of  # noqa: E402
from identity import identity_of  # noqa: E402

sys.dont_write_bytecode = False
from moto.core.authorization import ActionAuthenticatorMixin  # noqa: E402
from moto.core.base_backend import BackendDict  # noqa: E402
from moto.core.exceptions import AccessDeniedError, _RESTError  # noqa: E402
from moto.iam.access_control import (  # noqa: E402
    CreateAccessKeyFailure,
    IAMRequestBase,
    IAMUserAccessKey,
    PermissionResult,
)
from moto.iam.exceptions import DeleteConflictException, NotFoundException  # noqa: E402
from moto.iam import models as iam_models  # noqa: E402
from moto.iam.models import AccessKey, IAMBackend, iam_backends  # noqa: E402
from moto.moto_server.werkzeug_app import MotoRequestHandler  # noqa: E402
from moto.s3.models import FakeBucket  # noqa: E402
from moto.server import DomainDispatcherApplication, create_backend_app  # noqa: E402
from moto.sts.models import AssumedRole, sts_backends  # noqa: E402
from moto.sts.responses import TokenResponse  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402
from werkzeug.wrappers import Request, Response  # noqa: E402

# Read by now, as the account of keys that are not known. Left here, it would be every key's account.
del os.environ["MOTO_ACCOUNT_ID"]


def leave_authorization_to_the_gateway():
    IAMRequestBase.check_action_permitted = lambda self, resource: None
    # A bucket's policy is looked at without its conditions and principals.
    FakeBucket.get_permission = lambda self, action, resource: PermissionResult.NEUTRAL


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


class NotTrusted(_RESTError):
    code = 403


class ExpiredToken(_RESTError):
    code = 400


def claims_of(token):
    """Empty where it is no JSON Web Token."""
    with suppress(ValueError, IndexError):
        claims = json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
        return claims if isinstance(claims, dict) else {}
    return {}


def refuse_to_assume_roles_that_are_not_there():
    assume, assume_by_token = TokenResponse.assume_role, TokenResponse.assume_role_with_web_identity

    def role_of(self):
        """None where there is no such role."""
        account_id = (self._get_param("RoleArn").split(":") + [""] * 5)[4]
        if account_id in iam_backends:
            with suppress(NotFoundException):
                return iam_backends[account_id][self.partition].get_role_by_arn(self._get_param("RoleArn"))

    def assume_existing(self):
        if role_of(self) is None:
            _, caller, _ = self.backend.get_caller_identity(self.get_access_key(), self.region)
            raise AccessDeniedError(user_arn=caller, action=f"sts:AssumeRole on resource: {self._get_param('RoleArn')}")
        return assume(self)

    def assume_trusting(self):
        role = role_of(self)
        claims = claims_of(self._get_param("WebIdentityToken") or "")
        now, end = datetime.now(timezone.utc), claims.get("exp")
        if end is not None and end <= now.timestamp():
            ended = datetime.fromtimestamp(end, timezone.utc)
            text = f"Token expired: current date/time {now:%Y-%m-%dT%H:%M:%SZ} must be before the expiration date/time {ended:%Y-%m-%dT%H:%M:%SZ}"
            raise ExpiredToken("ExpiredTokenException", text)
        named = ["sts:AssumeRoleWithWebIdentity"]
        if "iss" in claims:
            named.append("oidc-provider/" + claims["iss"].removeprefix("https://"))
        if role is None or any(each not in str(role.assume_role_policy_document) for each in named):
            raise NotTrusted("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
        return assume_by_token(self)

    TokenResponse.assume_role, TokenResponse.assume_role_with_web_identity = assume_existing, assume_trusting


def iam_without_managed_policies(account_id):
    """An account of which little is needed; with all of AWS's own policies in each, saved worlds would be as many times as large."""
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "false"
    iam = iam_backends[account_id]["aws"]
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    return iam


def create_roles_of_people(roles):
    """Each is {accountId, name, policyArn}, as IAM Identity Center makes them."""
    own = iam_backends[SETTINGS["accountId"]]["aws"]
    for role in roles:
        account_id, name, policy_arn = role["accountId"], role["name"], role["policyArn"]
        iam = own if account_id == SETTINGS["accountId"] else iam_without_managed_policies(account_id)
        # AWS's own policies are the same in every account.
        iam.managed_policies[policy_arn] = own.managed_policies[policy_arn]
        provider = f"arn:aws:iam::{account_id}:saml-provider/AWSSSO_DO_NOT_DELETE"
        actions = ["sts:AssumeRoleWithSAML", "sts:TagSession"]
        trust = {"Effect": "Allow", "Principal": {"Federated": provider}, "Action": actions}
        iam.create_role(name, document(trust), "/aws-reserved/sso.amazonaws.com/", None, "", [], "43200")
        iam.attach_role_policy(policy_arn, name)


def document(statement):
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def create_seqera(seqera):
    """Seqera's role may assume any that trusts it. Its session lasts as long as the sandbox; Seqera renews its own."""
    account_id, name = seqera["accountId"], seqera["roleName"]
    iam = iam_without_managed_policies(account_id)
    # Seqera does not publish whom it trusts itself.
    trust = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account_id}:root"}, "Action": "sts:AssumeRole"}
    rights = {"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"], "Resource": "*"}
    role = iam.create_role(name, document(trust), "/", None, "", [], "3600")
    iam.put_role_policy(name, "AssumeCustomersRoles", document(rights))
    key = AccessKey(user_name=None, prefix="ASIA", account_id=account_id)
    key.access_key_id, key.secret_access_key = seqera["accessKeyId"], seqera["secretAccessKey"]
    session = AssumedRole(account_id, "us-east-1", key, "seqera-platform", role.arn, None, 3600, None)
    session.session_token = seqera["sessionToken"]
    sts_backends[SETTINGS["accountId"]]["aws"].assumed_roles.append(session)


def find_no_role_outside_its_profile():
    """moto fails with a ValueError, so that half a profile is never taken away."""
    remove = IAMBackend.remove_role_from_instance_profile

    def remove_present(self, profile_name, role_name):
        if self.get_role(role_name) not in self.get_instance_profile(profile_name).roles:
            raise NotFoundException(f"Role {role_name} in Instance Profile {profile_name} cannot be found.")
        remove(self, profile_name, role_name)

    IAMBackend.remove_role_from_instance_profile = remove_present


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


# What cannot be pickled and need not be: ssm holds a lambda, and otherwise AWS's own public parameters.
ALWAYS_NEW = ["ssm"]


def save():
    """The whole world, one pickle in all. Returns it and the names of the services that had to be left out.

    S3 objects are in it. A service whose backend cannot be pickled (batch while a job runs in a thread) is left out and
    begins anew, as those of ALWAYS_NEW do.
    """
    worlds = {}
    for backends in BackendDict._instances:
        if backends.service_name not in ALWAYS_NEW:
            worlds[(backends.backend.__module__, backends.backend.__name__)] = {
                "backends": {account: dict(regions) for account, regions in backends.items()},
                # Which account a bucket belongs to; S3 keeps it beside its backends.
                "bucket_accounts": getattr(backends, "bucket_accounts", None),
            }
    state = pickled(worlds)
    omitted = [] if state else [name for name, world in worlds.items() if pickled({name: world}) is None]
    if not state:
        state = pickled({name: world for name, world in worlds.items() if name not in omitted})
    # Level 1: a third of the time of level 6, for a fifth more.
    return gzip.compress(state, 1), [module.split(".")[1] for module, _ in omitted]


def pickled(worlds):
    """One pickle for all, so that an object two services share is still one object afterwards. None where it fails."""
    try:
        return pickle.dumps({"moto": version("moto"), "worlds": worlds})
    except (pickle.PicklingError, AttributeError, TypeError):
        return None


def load(state):
    """Replaces the world by a saved one. Raises ValueError where it is none, or another version of moto saved it."""
    try:
        saved = pickle.loads(gzip.decompress(state))
    except (OSError, EOFError, pickle.UnpicklingError, zlib.error) as error:
        raise ValueError(f"not a saved world: {error}") from error
    if saved["moto"] != version("moto"):
        raise ValueError(f"saved by moto {saved['moto']}, and this is moto {version('moto')}")
    forget()
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


def forget():
    """Like BackendDict.reset, which also makes all anew, AWS's policies and images too, for it to be replaced at once."""
    for backends in BackendDict._instances:
        if backends.service_name == "s3":
            for regions in backends.values():
                # Closes the objects' files.
                regions.reset()
        backends.clear()
    BackendDict._instances.clear()


class Application:
    """moto's application and the sandbox's own requests, one at a time: moto does not guard its dictionaries."""

    def __init__(self):
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        with self.lock:
            if "HTTP_X_SANDBOX_DENIED" in environ:
                refusal = refusal_of(environ)
                return Response(status=403, headers={"x-sandbox-refusal": refusal})(environ, start_response)
            if not environ["PATH_INFO"].startswith("/sandbox/"):
                return self.moto(environ, start_response)
            return self.own(Request(environ))(environ, start_response)

    def import_what_forge_needs(self):
        """A second's work, most of it EC2's tables: while the rest of the sandbox starts, not within Forge's first call."""
        for name in ["ec2", "batch", "ecs", "ssm", "efs", "fsx"]:
            # Two threads must not import what imports each other.
            with self.lock:
                importlib.import_module(f"moto.{name}.models")

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
        if (request.method, request.path) == ("POST", "/sandbox/identity"):
            asked = request.get_json()
            place = (SETTINGS["accountId"], asked["region"])
            answer = {"identity": identity_of(*place, asked["accessKeyId"]), "facts": facts_of(*place, asked["facts"])}
            return Response(json.dumps(answer), mimetype="application/json")
        return Response("GET or PUT /sandbox/state, POST /sandbox/identity", 404)


class QuietHandler(MotoRequestHandler):
    """Werkzeug would print a line for each request; the gateway keeps that record."""

    def log(self, type, message, *args):
        if type == "error":
            super().log(type, message, *args)


def end_with_stdin():
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    leave_authorization_to_the_gateway()
    sign_empty_bodies_as_empty()
    refuse_inactive_keys()
    refuse_to_delete_users_in_use()
    find_accounts_of_keys()
    let_web_identities_in()
    refuse_to_assume_roles_that_are_not_there()
    find_no_role_outside_its_profile()
    if "deployer" in SETTINGS:
        create_deployer(SETTINGS["deployer"])
        create_seqera(SETTINGS["seqera"])
        create_roles_of_people(SETTINGS["people"])
    application = Application()
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=QuietHandler)
    print(json.dumps({"port": server.port}), flush=True)
    threading.Thread(target=end_with_stdin, daemon=True).start()
    threading.Thread(target=application.import_what_forge_needs, daemon=True).start()
    server.serve_forever()
