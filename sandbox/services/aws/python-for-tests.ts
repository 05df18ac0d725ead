import { ensurePython } from "../../toolchain/python.ts";

/** The Python that has moto: MEGATESTS_PYTHON where it is set, else the sandbox's own environment, made when missing. */
export async function pythonForTests(): Promise<string> {
  return process.env.MEGATESTS_PYTHON ?? (await ensurePython()).python;
}
