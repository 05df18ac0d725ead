/** What Forge calls the resources of one compute environment: by these names alone they are found again. */

/** Roles that Forge makes. */
export type RoleName = "ServiceRole" | "InstanceRole" | "ExecutionRole" | "FleetRole" | "FargateRole";

/** The two halves of a compute environment: where Nextflow runs, and where its tasks do. */
export type Part = "head" | "work";

/** All names begin with `TowerForge-` and the compute environment's id. */
export interface Names {
  /** Launch template, and the file system's creation token. */
  prefix: string;
  role(name: RoleName): string;
  /** The instance profile bears the name of the role in it. */
  instanceProfile: string;
  /** Batch's compute environment and, of the same name, its queue. */
  batch(part: Part): string;
}

/** The names for a compute environment's id. */
export function namesOf(id: string): Names {
  const prefix = `TowerForge-${id}`;
  return {
    prefix,
    role: (name) => `${prefix}-${name}`,
    instanceProfile: `${prefix}-InstanceRole`,
    batch: (part) => `${prefix}-${part}`,
  };
}
