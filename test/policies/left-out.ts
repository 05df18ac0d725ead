/** Rights that Seqera publishes and that the least profile does not give, with the reason. */
export const LEFT_OUT: [actions: string, why: string][] = [
  [
    "s3:Get*, s3:List* on every bucket",
    "the Platform looks at the work bucket; jobs read their inputs under the roles that Forge makes",
  ],
  [
    "logs:Describe*, logs:Get*, logs:List* on every log",
    "the log groups of the compute environments are all that runs write to",
  ],
  [
    "ec2:GetConsoleOutput",
    "a person's look at a machine that does not start; it can show secrets of any machine of the region",
  ],
  [
    "sqs:*, s3:CreateBucket … on seqera-lineage-*",
    "data lineage is set up by hand, once; `permissions: seqera-docs` while that is done",
  ],
  ["ses:SendRawEmail", "the switch `sesRights`"],
  ["secretsmanager:*", "the switch `secretsRights`, and then names that begin with tower- only"],
  ["s3:ListAllMyBuckets", "the switch `dataExplorerRights`"],
  [
    "elasticfilesystem:*, fsx:*",
    "the switches `efsRights` and `fsxRights`: on where a compute environment's file has one made",
  ],
  [
    "iam:PassRole on every role",
    "Forge passes the roles it has made; roles that a file names are added one by one",
  ],
];
