import { Fault } from "../../../fault.ts";

/** A name belongs to something else: asked again at a terminal. */
export class NameTaken extends Fault {
  readonly flag: "--session" | "--profile";

  /**
   * @param what e.g. `The profile megatests`
   * @param got how it differs; never a value that may be secret
   * @param allowed what it would have to say
   */
  constructor(what: string, flag: NameTaken["flag"], got: string, allowed: string) {
    super(`${what} is there already and is another one, so nothing is written.`, {
      ...{ got, allowed },
      mend: `choose another name: ${flag} NAME; or take the old one out of the file by hand`,
    });
    this.flag = flag;
  }
}
