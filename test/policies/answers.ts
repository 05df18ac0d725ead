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
      "Forge makes roles and writes their rights: that is its work. It is bound to TowerForge-* names, to listed managed policies and to listed services; Launch passes only the roles that a compute environment's file names. What remains is below.",
  },
];
