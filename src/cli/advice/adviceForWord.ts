/** What to use in the place of a word that other tools have, or that another command has. */
import { ownValue } from "../../protocol/ownValue.ts"

const commands: Readonly<Record<string, string>> = {
  up: "formae apply",
  deploy: "formae apply",
  preview: "formae plan",
  diff: "formae plan",
  refresh: "formae plan",
  delete: "formae destroy",
  down: "formae destroy",
  list: "formae inventory",
  ls: "formae inventory",
  state: "formae inventory",
  status: "formae inventory",
  init: "formae plugin init",
  version: "formae --version",
}

const flags: Readonly<Record<string, string>> = {
  "formae plugin test --target": "The targets of a test are in formae-samples.yaml, with its samples",
  "formae apply --auto-approve": "Did you mean --yes?",
  "formae destroy --auto-approve": "Did you mean --yes?",
  "formae apply --force": "Did you mean --yes?",
  "formae destroy --force": "Did you mean --yes?",
  "formae destroy --only":
    'To delete one resource, take it out of the document, and run "formae apply DOCUMENT --only LABEL"',
}

/** The command that does what another tool has `word` for. */
export const commandFor = (word: string): string | undefined => ownValue(commands, word)

/** A sentence about a flag that a command does not have. */
export const adviceForFlag = (command: string, flag: string): string | undefined =>
  ownValue(flags, `${command} ${flag}`)
