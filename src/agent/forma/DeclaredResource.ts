/** Resources and targets that are declared in code, by resource types that the compiler knows. */
import { type Namespace, namespaceOf, type ResourceType } from "../../protocol/Identity.ts"
import type { TypedResource } from "../../protocol/TypedResource.ts"
import type { DriftPolicy } from "./FormaDocument.ts"
import type { AttributeRef, WithRefs } from "./AttributeRef.ts"

/** A target that is declared in code, with its label. */
export interface DeclaredTarget<out Config> {
  /** Its name in the forma. */
  readonly label: string
  /** The namespace of the plugin that serves it. */
  readonly namespace: Namespace
  /** Region, account, endpoint and so on, as the plugin declares them. */
  readonly config: Config
}

/** What `Forma.target` takes. */
export interface TargetInput<Config> {
  /** Its name in the forma. */
  readonly label: string
  /** Region, account, endpoint and so on, as the plugin declares them. */
  readonly config: Config
}

/** The care for a resource, as in `FormaResource`. */
export interface DeclaredCare {
  /** Whether it may be neither deleted nor replaced. */
  readonly protect?: boolean
  /** What is done with it when it is no longer wanted, or is replaced: `retain` leaves it where it is. */
  readonly onRemove?: "delete" | "retain"
  /** What others change on purpose: properties, or places in them as JSON Pointers. */
  readonly ignore?: ReadonlyArray<string>
  /** How it is replaced: `createFirst` creates the new one before the old one is deleted. */
  readonly replace?: "deleteFirst" | "createFirst"
  /** What is done where it drifts: `report`, `repair` or `ask`. */
  readonly drift?: DriftPolicy
}

/** What `Forma.resource` takes. */
export interface ResourceInput<Properties, Config> extends DeclaredCare {
  /** Its name in the forma. Letters, digits, dashes and underscores. */
  readonly label: string
  /** Where it lives: a target of the same plugin. */
  readonly target: DeclaredTarget<Config>
  /** Each value, at any depth, may be a reference to an attribute that has its type, and each string a text that `Forma.text` makes. */
  readonly properties: { readonly [Name in keyof Properties]: WithRefs<Properties[Name]> }
  /** Other resources that have to be there before it, although none of its properties refers to them. */
  readonly dependsOn?: ReadonlyArray<DeclaredResource<unknown>>
}

/** A resource that is declared in code. */
export class DeclaredResource<out Attributes> {
  /** Its name in the forma. */
  readonly label: string
  /** The resource type, such as `AWS::S3::Bucket`. */
  readonly type: ResourceType
  /** The label of its target. */
  readonly target: string
  /** The wanted properties, with references. */
  readonly properties: object
  /** The labels of other resources that have to be there before it. Left out where that was not said, as are the next ones. */
  declare readonly dependsOn?: ReadonlyArray<string>
  /** Whether it may be neither deleted nor replaced. */
  declare readonly protect?: boolean
  /** What is done with it when it is no longer wanted. */
  declare readonly onRemove?: "delete" | "retain"
  /** What others change on purpose. */
  declare readonly ignore?: ReadonlyArray<string>
  /** How it is replaced. */
  declare readonly replace?: "deleteFirst" | "createFirst"
  /** What is done where it drifts. */
  declare readonly drift?: DriftPolicy

  constructor(
    declared: Pick<DeclaredResource<Attributes>, "label" | "type" | "target" | "properties" | "dependsOn"> &
      DeclaredCare,
  ) {
    this.label = declared.label
    this.type = declared.type
    this.target = declared.target
    this.properties = declared.properties
    if (declared.dependsOn !== undefined) this.dependsOn = declared.dependsOn
    if (declared.protect !== undefined) this.protect = declared.protect
    if (declared.onRemove !== undefined) this.onRemove = declared.onRemove
    if (declared.ignore !== undefined) this.ignore = declared.ignore
    if (declared.replace !== undefined) this.replace = declared.replace
    if (declared.drift !== undefined) this.drift = declared.drift
  }

  /** The value that the attribute will have, for the properties of other resources. */
  ref<Name extends keyof Attributes & string>(name: Name): AttributeRef<Attributes[Name]> {
    const reference: Omit<AttributeRef<Attributes[Name]>, "~formae/value"> = { $ref: `${this.label}.${name}` }
    return reference as AttributeRef<Attributes[Name]>
  }
}

/** Declares a target for resources of the namespace of `type`. */
export const declareTarget = <Config>(
  { type }: TypedResource<unknown, unknown, Config>,
  { config, label }: TargetInput<NoInfer<Config>>,
): DeclaredTarget<Config> => ({ label, namespace: namespaceOf(type), config })

/** Declares a resource of a type. */
export const declareResource = <Properties, Attributes, Config>(
  { type }: TypedResource<Properties, Attributes, Config>,
  { dependsOn, target, ...declared }: ResourceInput<NoInfer<Properties>, NoInfer<Config>>,
): DeclaredResource<Attributes> =>
  new DeclaredResource({
    ...declared,
    type,
    target: target.label,
    ...(dependsOn === undefined ? {} : { dependsOn: dependsOn.map(({ label }) => label) }),
  })
