/** What a hostile plugin does to one resource, and the documents that have the resource. */
import type { SupervisionConfiguration } from "../../../src/agent/configuration/SupervisionConfiguration.ts"

export interface Attack {
  /** The hostile plugin: a folder of the museum. */
  readonly exhibit: string
  /** What it sends or does, in words. */
  readonly sent: string
  /**
   * The call that it attacks. What is to be read or deleted was created before,
   * and what is to be deleted is not wanted any more.
   */
  readonly call: "Handshake" | "Create" | "Read" | "Delete"
  /** The resource that it attacks, if it does not attack any. */
  readonly label?: string
  /** The bounds of its launches, where the attack is to last until one of them. */
  readonly supervision?: SupervisionConfiguration
}

/** Attacks of one kind. They do not disturb each other, so one agent can be under all of them. */
export interface AttackGroup {
  readonly title: string
  /** Each of them has to have an agent of its own: it ends the command, or its memory is what is measured. */
  readonly isAlone?: true
  readonly attacks: ReadonlyArray<Attack>
}

/** The namespace in its manifest: `exits-during-a-call` serves `ExitsDuringACall`. */
const namespaceOf = (exhibit: string): string =>
  exhibit.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase())

export const exhibitsOf = (attacks: ReadonlyArray<Attack>): ReadonlyArray<string> => [
  ...new Set(attacks.map(({ exhibit }) => exhibit)),
]

export const labelOf = ({ exhibit, label = exhibit }: Attack): string => label

/** The neighbor of the hostile plugins, and its resources: one from before, and one that is new. */
const neighbor = {
  cloud: { namespace: "FakeAWS", config: { cloud: "cloud.db", region: "eu-west-1", settleMillis: 0 } },
}
const vpc = (label: string, block: string) => ({
  label,
  type: "FakeAWS::EC2::VPC",
  target: "cloud",
  properties: { CidrBlock: block },
})
export const neighborsBefore = [vpc("neighbor", "10.0.0.0/16")]
export const neighborsDuring = [...neighborsBefore, vpc("another-neighbor", "10.1.0.0/16")]

/** A document in which the attacks with one of these calls have their resources. */
const documentWith = (
  attacks: ReadonlyArray<Attack>,
  calls: ReadonlyArray<Attack["call"]>,
  neighbors: ReadonlyArray<object>,
): string =>
  JSON.stringify({
    name: "attacks",
    targets: {
      ...neighbor,
      ...Object.fromEntries(exhibitsOf(attacks).map((exhibit) => [exhibit, { namespace: namespaceOf(exhibit) }])),
    },
    resources: [
      ...neighbors,
      ...attacks
        .filter(({ call }) => calls.includes(call))
        .map((attack) => ({
          label: labelOf(attack),
          type: `${namespaceOf(attack.exhibit)}::Museum::Exhibit`,
          target: attack.exhibit,
        })),
    ],
  })

/** What is applied before the attack, while the plugins are harmless. Undefined if nothing has to exist before. */
export const documentBefore = (attacks: ReadonlyArray<Attack>): string | undefined =>
  attacks.some(({ call }) => call === "Read" || call === "Delete")
    ? documentWith(attacks, ["Read", "Delete"], neighborsBefore)
    : undefined

/** What is applied during the attack, and again after it. */
export const documentDuring = (attacks: ReadonlyArray<Attack>): string =>
  documentWith(attacks, ["Handshake", "Read", "Create"], neighborsDuring)

/** Waits between tries and for the ends of plugins are short. All other bounds are those of each attack, or the defaults. */
export const configOf = (attacks: ReadonlyArray<Attack>): string =>
  JSON.stringify({
    operator: { retry: { baseMillis: 1, capMillis: 1 } },
    supervision: {
      restart: { baseMillis: 1, capMillis: 1 },
      stop: { drainMillis: 500, inputEndedMillis: 500, terminateMillis: 500 },
    },
    plugin: Object.fromEntries(attacks.map(({ exhibit, supervision = {} }) => [exhibit, { supervision }])),
  })
