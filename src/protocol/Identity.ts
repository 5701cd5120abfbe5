/**
 * The names that cross the pipe. Each is a brand, so that an operation id
 * cannot be passed where a native id is expected.
 */
import * as Schema from "effect/Schema"
import { maxCharacters, withoutNul } from "./Text.ts"

/**
 * Identifies one operation. It is also the operation's idempotency token: an
 * operation that is sent twice has the same id both times.
 */
export const OperationId = Schema.NonEmptyString.pipe(Schema.brand("OperationId"))
export type OperationId = typeof OperationId.Type

/** The identifier that the provider gave a resource, such as `vpc-0a1b2c`. */
export const NativeId = Schema.NonEmptyString.check(withoutNul, maxCharacters(65_536)).pipe(Schema.brand("NativeId"))
export type NativeId = typeof NativeId.Type

/**
 * What a provider gave back for work that it has accepted and not finished. It
 * holds everything that is needed to ask for the status of the work, also after
 * a restart.
 */
export const RequestId = Schema.NonEmptyString.check(withoutNul, maxCharacters(65_536)).pipe(Schema.brand("RequestId"))
export type RequestId = typeof RequestId.Type

/** `Namespace::Service::Kind`, such as `AWS::S3::Bucket`. */
export const ResourceType = Schema.String.check(
  Schema.isPattern(/^[A-Za-z][A-Za-z0-9]*(::[A-Za-z][A-Za-z0-9]*){2}$/, {
    message: "Expected a resource type such as AWS::S3::Bucket",
  }),
).pipe(Schema.brand("ResourceType"))
export type ResourceType = typeof ResourceType.Type

/** What one plugin serves, such as `AWS`. Case does not matter when two are compared. */
export const Namespace = Schema.String.check(
  Schema.isPattern(/^[A-Za-z][A-Za-z0-9]*$/, { message: "Expected a namespace such as AWS" }),
).pipe(Schema.brand("Namespace"))
export type Namespace = typeof Namespace.Type

/** The name of an agent or a plugin, `name@host`, such as `aws-plugin@localhost`. */
export const NodeName = Schema.String.check(
  Schema.isPattern(/^[A-Za-z0-9._-]+@[A-Za-z0-9._-]+$/, { message: "Expected a node name such as agent@localhost" }),
).pipe(Schema.brand("NodeName"))
export type NodeName = typeof NodeName.Type

/** The number of a launch. The first start of a plugin is generation 1. */
export const Generation = Schema.Int.check(Schema.isGreaterThanOrEqualTo(1)).pipe(Schema.brand("Generation"))
export type Generation = typeof Generation.Type

/** The random value of one launch, by which the agent and the plugin recognize each other. */
export const Cookie = Schema.NonEmptyString.pipe(Schema.brand("Cookie"))
export type Cookie = typeof Cookie.Type

/** The id of one launch, by which the agent finds the processes that its plugin has started. Not a secret. */
export const LaunchId = Schema.NonEmptyString.pipe(Schema.brand("LaunchId"))
export type LaunchId = typeof LaunchId.Type

/** The namespace of a resource type: its first part. */
export const namespaceOf = (type: ResourceType): Namespace => Namespace.make(type.slice(0, type.indexOf("::")))

/** The form in which namespaces are compared, and are the keys of maps. */
export const namespaceKey = (namespace: string): string => namespace.toLowerCase()
