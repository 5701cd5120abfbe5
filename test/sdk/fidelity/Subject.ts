/** What is tried on an emulator: the properties of a resource type, each set alone beside the required ones. */
import type { Properties } from "formae/protocol"
import type * as Schema from "effect/Schema"

/** The steps of one property, in order. */
export const steps = ["apply", "again", "change", "drift", "remove", "destroy"] as const
export type Step = (typeof steps)[number]

export type Json = Schema.Json

/** A resource on the emulator. */
export interface Thing {
  readonly nativeId: string
  /** As the plugin reads it. */
  readonly properties: Properties
}

/** Why a step is not run. */
export interface Unable {
  readonly unable: string
}

/** A step that the emulator, or formae itself, does not do as the provider does; with the reason. */
export type Gaps = Partial<Record<Step, string>>

export interface PropertyCase<Sdk> {
  readonly property: string
  /** Which part of the property it is about, where one value cannot show all. */
  readonly part?: string
  readonly value: Json
  /** Another value, for the change. */
  readonly changed: Json | Unable
  /** What has to be given beside it. */
  readonly beside?: Properties
  /** Gives it a third value by the official SDK. */
  readonly drift: ((sdk: Sdk, thing: Thing) => Promise<unknown>) | Unable
  /** What has to be given beside it once it is removed, if it is something else. */
  readonly besideRemoved?: Properties
  /**
   * What is read once it is removed; nothing by default. `chosen`: anything, because the service chooses it.
   * `refused`: the service cannot go back, and the plugin says so.
   */
  readonly removed?: Json | typeof chosen | typeof refused | Unable
  /** Makes by the official SDK what it refers to. */
  readonly prepare?: (sdk: Sdk) => Promise<unknown>
  /** What a change and a removal do, where the traits of the property do not say it. */
  readonly by?: { readonly change?: "update" | "replace"; readonly remove?: "update" | "replace" }
  /** Reads the property by the official SDK, where the plugin cannot. */
  readonly read?: (sdk: Sdk, thing: Thing) => Promise<Json | undefined>
  /** What emulators do not do, by the name of the emulator. The step is run, and has to fail. */
  readonly gaps?: Readonly<Record<string, Gaps>>
  /** What formae does not do. The step is run, and has to fail. */
  readonly limits?: Gaps
}

/** A resource of a document, without its target. */
export interface Part {
  readonly label: string
  readonly type: string
  readonly properties: Properties
}

export interface Subject<Sdk> {
  readonly type: string
  /** The properties that must be given, for a resource that `name` distinguishes. */
  readonly required: (name: string) => Properties
  /** The other resources of the document, which it refers to. */
  readonly others?: (name: string) => ReadonlyArray<Part>
  readonly cases: (name: string) => ReadonlyArray<PropertyCase<Sdk>>
  /** Deletes it by the official SDK. */
  readonly delete: (sdk: Sdk, thing: Thing) => Promise<unknown>
  /** What emulators do with no property of it. */
  readonly gaps?: Readonly<Record<string, Gaps>>
  /** What emulators do not do with the resource as a whole. */
  readonly gapsAsWhole?: Readonly<Record<string, Gaps>>
}

export const isUnable = (value: unknown): value is Unable =>
  typeof value === "object" && value !== null && "unable" in value

/** What a removal leaves. */
export const chosen = Symbol("chosen by the service")
export const refused = Symbol("refused")

/** Create-only properties, which no call of the service changes. */
export const fixed: Unable = { unable: "the service cannot change it" }

/** The tags of a resource: set, changed, and one that somebody else has added. */
export const tagsCase = <Sdk>(
  drift: (sdk: Sdk, thing: Thing) => Promise<unknown>,
  gaps: PropertyCase<Sdk>["gaps"] = {},
): PropertyCase<Sdk> => ({
  property: "Tags",
  value: [
    { Key: "team", Value: "orders" },
    { Key: "cost", Value: "shop" },
  ],
  changed: [{ Key: "team", Value: "shipping" }],
  drift,
  removed: [],
  gaps,
})
