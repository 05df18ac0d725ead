/** What linters find in the policies, and why it stands: printed in docs/permissions.md, and all that the tests let pass. */
export interface Answer {
  linter: "parliament" | "cloudsplaining";
  /** The linter's own name of the finding. */
  finding: string;
  /** Ends of the names of the policies it is found in. */
  policies: string[];
  answer: string;
}

export const ANSWERS: Answer[] = [
  {
    linter: "parliament",
    finding: "PERMISSIONS_MANAGEMENT_ACTIONS",
    policies: ["Forge", "Launch"],
    answer:
      "Forge makes roles and writes their rights: that is its work. It is bound to TowerForge-* names, to listed managed policies and to listed services; Launch passes only the roles that a compute environment's file names. What remains is above.",
  },
  {
    linter: "parliament",
    finding: "PERMISSIONS_MANAGEMENT_ACTIONS",
    policies: ["Deployer"],
    answer: "It makes a user (or role) and its policies: that is what it is for. Each is bound to one name.",
  },
  {
    linter: "parliament",
    finding: "CREDENTIALS_EXPOSURE",
    policies: ["Deployer"],
    answer: "iam:CreateAccessKey, of the one user whose key Seqera Platform is given.",
  },
  {
    linter: "parliament",
    finding: "PRIVILEGE_ESCALATION",
    policies: ["Deployer"],
    answer:
      "The linter sees actions, not what they are bound to: the three policies, the one user, the one role. What that leaves is above.",
  },
  {
    linter: "parliament",
    finding: "RESOURCE_POLICY_PRIVILEGE_ESCALATION",
    policies: ["Deployer"],
    answer: "The trust of the one role, and the policy of the work bucket where the stack has made it.",
  },
];
