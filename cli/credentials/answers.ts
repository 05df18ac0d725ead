/** Questions to an operator, each of which a flag can answer before it is asked. */
import { confirm, input, password, search, select } from "@inquirer/prompts";
import { hide } from "../redaction/index.ts";
import { isAttended } from "./attended.ts";
import { Interrupted, noTerminal, WrongAnswer } from "./no-answer.ts";

/** For what is typed and must not be seen, nor be brought up by a key. */
export const UNSEEN = { mask: false, toggleMask: false };

/** What is asked. */
export interface Question {
  /** The flag that answers it, e.g. `--start-url`. */
  flag: string;
  message: string;
}

/** Something to be typed. */
export interface TextQuestion extends Question {
  fits(value: string): boolean;
  /** What fits, in words. */
  allowed: string;
  /** What Enter alone gives; also without a terminal. @default an answer is a must */
  default?: string;
}

/** One of several. */
export interface Choice {
  value: string;
  /** What is shown. @default value */
  name?: string;
}

/** One thing to be chosen. */
export interface ChoiceQuestion extends Question {
  /** At least one. Where there is but one and `sole` is set, it is taken without a question. */
  choices: Choice[];
  sole?: boolean;
  /** Lets a part of name or value be typed, for lists that are long. @default false */
  searched?: boolean;
}

/** Gets answers: from a flag's value where there is one, else from the operator. */
export interface Answers {
  /** Whether somebody can be asked again. */
  readonly asking: boolean;
  /** @throws WrongAnswer about a flag; AnswerNeeded */
  text(question: TextQuestion, given: string | undefined): Promise<string>;
  /** Something that is not echoed. @param given is the value itself, from wherever a flag has said */
  secret(question: TextQuestion, given: string | undefined): Promise<string>;
  choose(question: ChoiceQuestion, given: string | undefined): Promise<string>;
  yes(question: Question & { default: boolean }, given: boolean | undefined): Promise<boolean>;
}

/**
 * Asks at the terminal, where there is one.
 * @param usage see {@link noTerminal}
 * @param terminal - @default whether standard input and standard error are one
 */
export function openAnswers(usage: string[], terminal = isAttended()): Answers {
  const context = { output: process.stderr };
  const answered = async (flag: string, prompt: () => Promise<string>) => {
    if (!terminal) throw noTerminal(flag, usage);
    return unlessInterrupted(prompt());
  };
  /** Shown behind the question, which is then asked again. */
  const check = ({ fits, allowed }: TextQuestion) => {
    return (value: string) => fits(value.trim()) || `Allowed: ${allowed}`;
  };
  return {
    asking: terminal,
    text: async (question, given) => {
      if (given !== undefined) return fitting(question, given, false);
      const { message, default: usual } = question;
      if (!terminal && usual !== undefined) return usual;
      const prompt = () => input({ message, default: usual, validate: check(question) }, context);
      return (await answered(question.flag, prompt)).trim();
    },
    secret: async (question, given) => {
      hide(given?.trim());
      if (given !== undefined) return fitting(question, given, true);
      const { message, flag } = question;
      const fits = check(question);
      const validate = (value: string) => {
        // Also one that is refused.
        hide(value.trim());
        return fits(value);
      };
      const prompt = () => password({ message, ...UNSEEN, validate }, context);
      return (await answered(flag, prompt)).trim();
    },
    choose: async (question, given) => {
      const { flag, message, choices, sole, searched } = question;
      const [first] = choices;
      if (given === undefined && sole && choices.length === 1 && first) return first.value;
      const all = choices.map(({ value, name = value }) => ({ value, name, short: value }));
      const both = all.map((choice) => ({ ...choice, name: withValue(choice) }));
      if (given === undefined)
        return answered(flag, () =>
          searched
            ? search({ message, source: (term) => containing(both, term) }, context)
            : select({ message, choices: all }, context),
        );
      const values = choices.map(({ value }) => value);
      const allowed = all.map(({ value, name }) => withValue({ value: name, name: value })).join("; ");
      return fitting(
        { ...{ flag, message, allowed }, fits: (value) => values.includes(value) },
        given,
        false,
      );
    },
    yes: async ({ message, default: usual }, given) => {
      if (given !== undefined) return given;
      return terminal ? unlessInterrupted(confirm({ message, default: usual }, context)) : usual;
    },
  };
}

function withValue({ value, name }: Required<Choice>): string {
  return name === value ? value : `${name} (${value})`;
}

function fitting({ flag, fits, allowed }: TextQuestion, given: string, secret: boolean): string {
  const value = given.trim();
  if (fits(value)) return value;
  throw new WrongAnswer(`${flag} cannot be used.`, {
    got: secret ? "a value, not shown" : JSON.stringify(value),
    allowed,
    mend: `run it again with another ${flag}, or without it at a terminal`,
  });
}

/** Those with the typed words in them, whatever their case. */
function containing<C extends { name: string }>(choices: C[], term = ""): C[] {
  const words = term.toLowerCase().split(/\s+/);
  return choices.filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)));
}

async function unlessInterrupted<T>(prompt: Promise<T>): Promise<T> {
  try {
    return await prompt;
  } catch (error) {
    throw (error as Error).name === "ExitPromptError" ? new Interrupted() : error;
  }
}
