/** AWS::IAM::Role. Its native id is its name. Its policies are attached after it is created. */
import type { IAM } from "@aws-sdk/client-iam"
import { Patch, Property, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Schema from "effect/Schema"
import { awsResource } from "../awsResource.ts"
import type { Connection } from "../Connection.ts"
import { allPages, clampPageSize } from "../Listing.ts"
import { fromText, PolicyDocument, toText } from "../PolicyDocument.ts"
import { required } from "../required.ts"
import * as Tags from "../Tags.ts"

const Policy = Schema.Struct({ PolicyName: Schema.NonEmptyString, PolicyDocument })

const properties = Schema.Struct({
  RoleName: Property.named({ letters: "any", separator: "-", maxLength: 64 })(
    Schema.String.check(Schema.isPattern(/^[\w+=,.@-]{1,64}$/u, { message: "Expected a role name" })),
  ),
  Path: Property.createOnly(Property.defaultsTo("/")(Schema.optionalKey(Schema.NonEmptyString))),
  AssumeRolePolicyDocument: PolicyDocument,
  Description: Schema.optionalKey(Schema.NonEmptyString),
  MaxSessionDuration: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 3600, maximum: 43_200 }))).pipe(
    Property.defaultsTo(3600),
  ),
  PermissionsBoundary: Schema.optionalKey(Schema.NonEmptyString),
  ManagedPolicyArns: Schema.optionalKey(Schema.Array(Schema.NonEmptyString)).pipe(
    Property.distinct,
    Property.absentWhenEmpty,
  ),
  Policies: Schema.optionalKey(Schema.Array(Policy)).pipe(Property.keyedBy("PolicyName"), Property.absentWhenEmpty),
  Tags: Tags.property,
  Arn: Property.output(Schema.String),
  RoleId: Property.output(Schema.String),
})

const attachedPolicies = ({ call }: Connection<IAM>, RoleName: string) =>
  allPages((Marker) =>
    Effect.map(
      call((iam, options) => iam.listAttachedRolePolicies({ RoleName, Marker }, options)),
      ({ AttachedPolicies = [], Marker: next }) => ({
        items: AttachedPolicies.flatMap(({ PolicyArn }) => (PolicyArn === undefined ? [] : [PolicyArn])),
        next,
      }),
    ),
  )

const policyNames = ({ call }: Connection<IAM>, RoleName: string) =>
  allPages((Marker) =>
    Effect.map(
      call((iam, options) => iam.listRolePolicies({ RoleName, Marker }, options)),
      (page) => ({ items: page.PolicyNames, next: page.Marker }),
    ),
  )

const inlinePolicies = Effect.fnUntraced(function* (connection: Connection<IAM>, RoleName: string) {
  return yield* Effect.forEach(yield* policyNames(connection, RoleName), (PolicyName) =>
    connection
      .call((iam, options) => iam.getRolePolicy({ RoleName, PolicyName }, options))
      .pipe(
        Effect.flatMap((policy) => fromText(policy.PolicyDocument)),
        Effect.map((document) => ({ PolicyName, PolicyDocument: document })),
      ),
  )
})

const describe = Effect.fnUntraced(function* (connection: Connection<IAM>, RoleName: string) {
  const { Role: role } = yield* connection.call((iam, options) => iam.getRole({ RoleName }, options))
  const ManagedPolicyArns = yield* attachedPolicies(connection, RoleName)
  const Policies = yield* inlinePolicies(connection, RoleName)
  const tags = Tags.fromService(role?.Tags)
  const set = returned({
    RoleName: role?.RoleName,
    Path: role?.Path,
    AssumeRolePolicyDocument: yield* fromText(role?.AssumeRolePolicyDocument),
    Description: role?.Description === "" ? undefined : role?.Description,
    MaxSessionDuration: role?.MaxSessionDuration,
    PermissionsBoundary: role?.PermissionsBoundary?.PermissionsBoundaryArn,
    Arn: yield* required("Arn", role?.Arn),
    RoleId: role?.RoleId,
  })
  return {
    nativeId: RoleName,
    tags,
    description: role?.Description,
    maxSession: role?.MaxSessionDuration,
    attached: ManagedPolicyArns,
    policies: Policies,
    properties: { ...set, ManagedPolicyArns, Policies, Tags: Tags.visible(tags, connection.keys) },
  }
})

interface Policies {
  readonly attached: ReadonlyArray<string>
  readonly policies: ReadonlyArray<typeof Policy.Type>
}

const attach = ({ call }: Connection<IAM>, RoleName: string, arns: ReadonlyArray<string>) =>
  Effect.forEach(arns, (PolicyArn) => call((iam, options) => iam.attachRolePolicy({ RoleName, PolicyArn }, options)))

const detach = ({ call }: Connection<IAM>, RoleName: string, arns: ReadonlyArray<string>) =>
  Effect.forEach(arns, (PolicyArn) => call((iam, options) => iam.detachRolePolicy({ RoleName, PolicyArn }, options)))

const putPolicies = ({ call }: Connection<IAM>, RoleName: string, policies: ReadonlyArray<typeof Policy.Type>) =>
  Effect.forEach(policies, ({ PolicyDocument, PolicyName }) =>
    call((iam, options) =>
      iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument: toText(PolicyDocument) }, options),
    ),
  )

const deletePolicies = ({ call }: Connection<IAM>, RoleName: string, names: ReadonlyArray<string>) =>
  Effect.forEach(names, (PolicyName) => call((iam, options) => iam.deleteRolePolicy({ RoleName, PolicyName }, options)))

export const IamRole = awsResource({
  type: "AWS::IAM::Role",
  idempotency: "name",
  properties,
  scope: "account",
  identify: (_, { RoleName }) => Effect.succeed(RoleName),
  client: ({ iam }, target) => iam(target),
  describe,
  find: (_, { properties }) => Effect.succeed(properties.RoleName),
  // CreateRole: EntityAlreadyExists, "the request was rejected because it attempted to create a resource that already exists".
  refusesSecond: true,
  create: ({ call }, { properties, tags }) => {
    const { AssumeRolePolicyDocument, ManagedPolicyArns: _arns, Policies: _policies, ...role } = properties
    const input = { ...role, AssumeRolePolicyDocument: toText(AssumeRolePolicyDocument), Tags: tags }
    return Effect.as(
      call((iam, options) => iam.createRole(input, options)),
      properties.RoleName,
    )
  },
  isConfigured: ({ ManagedPolicyArns = [], Policies = [] }) => ManagedPolicyArns.length + Policies.length === 0,
  configure: (connection, name, { ManagedPolicyArns = [], Policies = [] }) =>
    Effect.andThen(attach(connection, name, ManagedPolicyArns), putPolicies(connection, name, Policies)),
  update: Effect.fnUntraced(function* (connection, change) {
    const { call } = connection
    const { desired, nativeId: RoleName, patch } = change
    if (Patch.isChanged(patch, "AssumeRolePolicyDocument")) {
      const PolicyDocument = toText(desired.AssumeRolePolicyDocument)
      yield* call((iam, options) => iam.updateAssumeRolePolicy({ RoleName, PolicyDocument }, options))
    }
    const Description = Patch.wanted(change, "Description", "")
    const MaxSessionDuration = Patch.wanted(change, "MaxSessionDuration", 3600)
    if (Description !== undefined || MaxSessionDuration !== undefined) {
      // IAM resets what the request does not mention.
      const present = yield* change.present
      const input = {
        RoleName,
        Description: Description ?? present.description,
        MaxSessionDuration: MaxSessionDuration ?? present.maxSession,
      }
      yield* call((iam, options) => iam.updateRole(input, options))
    }

    const boundary = Patch.wanted(change, "PermissionsBoundary", "")
    if (boundary === "") yield* call((iam, options) => iam.deleteRolePermissionsBoundary({ RoleName }, options))
    else if (boundary !== undefined) {
      const PermissionsBoundary = boundary
      yield* call((iam, options) => iam.putRolePermissionsBoundary({ RoleName, PermissionsBoundary }, options))
    }

    const wanted = {
      attached: Patch.wanted(change, "ManagedPolicyArns", []),
      policies: Patch.wanted(change, "Policies", []),
    }
    if (wanted.attached === undefined && wanted.policies === undefined) return
    const { attached, policies } = policyChanges(yield* change.present, wanted)
    // New permissions come before old ones go, so that nothing that is wanted is missing in between.
    yield* attach(connection, RoleName, attached.add)
    yield* putPolicies(connection, RoleName, policies.add)
    yield* detach(connection, RoleName, attached.remove)
    yield* deletePolicies(
      connection,
      RoleName,
      policies.remove.map(({ PolicyName }) => PolicyName),
    )
  }),
  putTags: ({ call }, { nativeId }, tags) =>
    call((iam, options) => iam.tagRole({ RoleName: nativeId, Tags: tags }, options)),
  removeTags: ({ call }, { nativeId }, TagKeys) =>
    call((iam, options) => iam.untagRole({ RoleName: nativeId, TagKeys }, options)),
  // IAM refuses to delete a role that still has policies.
  delete: Effect.fnUntraced(function* (connection, RoleName) {
    yield* detach(connection, RoleName, yield* attachedPolicies(connection, RoleName))
    yield* deletePolicies(connection, RoleName, yield* policyNames(connection, RoleName))
    yield* connection.call((iam, options) => iam.deleteRole({ RoleName }, options))
  }),
  list: ({ call }, page) =>
    Effect.map(
      call((iam, options) =>
        iam.listRoles({ MaxItems: clampPageSize(1, 1000, page), Marker: page.pageToken }, options),
      ),
      ({ Marker, Roles = [] }) => ({
        ids: Roles.filter(({ Path }) => !isAwsOwned(Path)).map(({ RoleName }) => RoleName),
        next: Marker,
      }),
    ),
})

/** The changes from a role's present policies to the wanted ones. What is undefined does not change. */
export const policyChanges = (
  present: Policies,
  wanted: { readonly [Name in keyof Policies]: Policies[Name] | undefined },
) => {
  const { attached = present.attached, policies = present.policies } = wanted
  return {
    attached: {
      add: attached.filter((arn) => !present.attached.includes(arn)),
      remove: present.attached.filter((arn) => !attached.includes(arn)),
    },
    policies: {
      add: policies.filter((policy) => !present.policies.some((now) => Equal.equals(now, policy))),
      remove: present.policies.filter(({ PolicyName }) => !policies.some((policy) => policy.PolicyName === PolicyName)),
    },
  }
}

/** Whether this is the path of a role that a service, or an organization's single sign-on, created for itself. */
const isAwsOwned = (path = "/"): boolean => /^\/aws-(service-role|reserved)\//.test(path)
