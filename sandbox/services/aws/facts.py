"""What AWS knows of the things a request names: their ARNs, tags and own policies, as moto has them at this moment."""

import json

from identity import tags_of
from moto.backends import get_backend
from moto.iam.models import iam_backends
from moto.s3.models import s3_backends
from moto.utilities.utils import get_partition


def facts_of(account_id, region, asked):
    """What AWS knows of the things that a request names, one answer for each of `asked`: [kind, name] pairs."""
    partition = get_partition(region)
    return [FACTS[kind](Place(account_id, region, partition), name) for kind, name in asked]


class Place:
    def __init__(self, account_id, region, partition):
        self.account_id, self.region, self.partition = account_id, region, partition

    @property
    def iam(self):
        return iam_backends[self.account_id][self.partition]

    def regional(self, service):
        return get_backend(service)[self.account_id][self.region]


def role(place, name):
    found = next((each for each in place.iam.roles.values() if name in (each.name, each.arn)), None)
    if found is None:
        return None
    trust = found.assume_role_policy_document
    trust = trust if isinstance(trust, str) else json.dumps(trust)
    return {"arn": found.arn, "tags": tags_of(found.tags), "trust": trust}


def user(place, name):
    found = place.iam.users.get(name)
    if found is None:
        return None
    return {"arn": found.arn, "tags": tags_of(place.iam.tagger.list_tags_for_resource(found.arn)["Tags"])}


def group(place, name):
    found = place.iam.groups.get(name)
    return None if found is None else {"arn": found.arn, "tags": {}}


def policy(place, arn):
    found = place.iam.managed_policies.get(arn)
    return None if found is None else {"arn": found.arn, "tags": tags_of(found.tags)}


def instance_profile(place, name):
    profiles = place.iam.instance_profiles.values()
    found = next((each for each in profiles if name in (each.name, each.arn)), None)
    if found is None:
        return None
    roles = [each.arn for each in found.roles]
    return {"arn": found.arn, "tags": tags_of(found.tags), "roles": roles}


def key_owner(place, access_key_id):
    found = place.iam.get_user_from_access_key_id(access_key_id)
    return None if found is None else found.arn


def bucket_policy(place, name):
    bucket = s3_backends[place.account_id][place.partition].buckets.get(name)
    return None if bucket is None or bucket.policy is None else bucket.policy.decode()


def query(place, query_id):
    found = place.regional("logs").queries.get(query_id)
    return None if found is None else found.log_group_names


def mount_target(place, mount_target_id):
    found = place.regional("efs").mount_targets_by_id.get(mount_target_id)
    return None if found is None else found.file_system_id


def launch_template(place, name):
    return place.regional("ec2").launch_template_name_to_ids.get(name)


def instance(place, instance_id):
    """The ARN of an instance's profile."""
    associations = place.regional("ec2").iam_instance_profile_associations.values()
    return next((each.iam_instance_profile.arn for each in associations if each.instance.id == instance_id), None)


def secret(place, secret_id):
    secrets = dict.values(place.regional("secretsmanager").secrets)
    return next((each.arn for each in secrets if secret_id in (each.arn, each.name)), None)


FACTS = {
    "role": role,
    "user": user,
    "group": group,
    "policy": policy,
    "instance-profile": instance_profile,
    "key-owner": key_owner,
    "bucket-policy": bucket_policy,
    "query": query,
    "mount-target": mount_target,
    "launch-template": launch_template,
    "instance": instance,
    "secret": secret,
}
