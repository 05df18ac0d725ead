"""Who an access key belongs to, and by which documents AWS decides what they may do: as moto has them at this moment."""

from contextlib import suppress

from moto.iam.exceptions import NotFoundException
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends
from moto.utilities.utils import get_partition


def identity_of(account_id, region, access_key_id):
    """The user or the role's session, or None where no such key works: unknown, inactive, of a role that is gone."""
    partition = get_partition(region)
    iam = iam_backends[account_id][partition]
    for user in iam.users.values():
        for key in user.access_keys:
            if key.access_key_id == access_key_id:
                return user_identity(iam, user) if key.status == "Active" else None
    # moto keeps a session with the account of whoever opened it, and Seqera's principal is of another one.
    sessions = [session for backends in sts_backends.values() for session in backends[partition].assumed_roles]
    for session in sessions:
        if session.access_key_id == access_key_id:
            with suppress(NotFoundException):
                return session_identity(iam_backends[session.role_arn.split(":")[4]][partition], session)
    return None


def user_identity(iam, user):
    groups = iam.get_groups_for_user(user.name)
    return {
        "type": "User",
        "arn": user.arn,
        "userId": user.id,
        "userName": user.name,
        "tags": tags_of(iam.tagger.list_tags_for_resource(user.arn)["Tags"]),
        "policies": [policy for holder in [user, *groups] for policy in policies_of(holder)],
    }


def session_identity(iam, session):
    role = iam.get_role_by_arn(session.role_arn)
    boundary = iam.managed_policies.get(role.permissions_boundary_arn)
    return {
        "type": "AssumedRole",
        "arn": session.arn,
        "userId": session.user_id,
        "roleArn": role.arn,
        "tags": tags_of(role.tags),
        "policies": policies_of(role),
        "boundary": None if boundary is None else document_of(boundary),
        "sessionPolicy": session.policy or None,
    }


def policies_of(holder):
    """Inline and attached policies of a user, group or role."""
    inline = [{"name": name, "document": document} for name, document in holder.policies.items()]
    attached = holder.managed_policies.values()
    return inline + [{"name": policy.name, "document": document_of(policy)} for policy in attached]


def document_of(policy):
    """The default version's document: of the account's own policies, and of AWS's from moto's data."""
    return next(each.document for each in policy.versions if each.version_id == policy.default_version_id)


def tags_of(tags):
    """moto keeps tags as a list of pairs, or by key."""
    pairs = tags.values() if isinstance(tags, dict) else tags or []
    return {pair["Key"]: pair["Value"] for pair in pairs}
