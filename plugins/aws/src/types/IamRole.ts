/** AWS::IAM::Role. Its native id is its name. What its policies allow is put on it after it is made. */
import type { IAM } from "@aws-sdk/client-iam"
import { Patch, Property, returned } from "formae/plugin"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as Schema from "effect/Schema"
import { awsResource } from "../awsResource.ts"
import type { At } from "../AwsResourceSpec.ts"
import { everyPage, within } from "../Listing.ts"
import { fromText, PolicyDocument, toText } from "../PolicyDocument.ts"
import { required } from "../required.ts"
import * as Tags from "../Tags.ts"

const Policy = Schema.Struct({ PolicyName: Schema.NonEmptyString, PolicyDocument })

const properties = Schema.Struct({
  RoleName: Property.createOnly(
    Schema.String.check(Schema.isPattern(/^[\w+=,.@-]{1,64}$/u, { message: "Expected a role's name" })),
  ),
  Path: Property.createOnly(Schema.optionalKey(Schema.NonEmptyString)),
  AssumeRolePolicyDocument: PolicyDocument,
  Description: Schema.optionalKey(Schema.NonEmptyString),
  MaxSessionDuration: Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 3600, maximum: 43_200 }))),
  PermissionsBoundary: Schema.optionalKey(Schema.NonEmptyString),
  ManagedPolicyArns: Property.unordered(Schema.optionalKey(Schema.Array(Schema.NonEmptyString))),
  Policies: Property.unordered(Schema.optionalKey(Schema.Array(Policy))),
  Tags: Property.unordered(Schema.optionalKey(Tags.Tags)),
  Arn: Property.output(Schema.String),
  RoleId: Property.output(Schema.String),
})

const attachedTo = ({ ask }: At<IAM>, RoleName: string) =>
  everyPage((Marker) =>
    Effect.map(
      ask((iam, options) => iam.listAttachedRolePolicies({ RoleName, Marker }, options)),
      ({ AttachedPolicies = [], Marker: next }) => ({
        items: AttachedPolicies.flatMap(({ PolicyArn }) => (PolicyArn === undefined ? [] : [PolicyArn])),
        next,
      }),
    ),
  )

const policiesOf = Effect.fnUntraced(function* ({ ask }: At<IAM>, RoleName: string) {
  const names = yield* everyPage((Marker) =>
    Effect.map(
      ask((iam, options) => iam.listRolePolicies({ RoleName, Marker }, options)),
      (page) => ({ items: page.PolicyNames, next: page.Marker }),
    ),
  )
  return yield* Effect.forEach(names, (PolicyName) =>
    ask((iam, options) => iam.getRolePolicy({ RoleName, PolicyName }, options)).pipe(
      Effect.flatMap((policy) => fromText(policy.PolicyDocument)),
      Effect.map((document) => ({ PolicyName, PolicyDocument: document })),
    ),
  )
})

const describe = Effect.fnUntraced(function* (at: At<IAM>, RoleName: string) {
  const { Role: role } = yield* at.ask((iam, options) => iam.getRole({ RoleName }, options))
  const ManagedPolicyArns = yield* attachedTo(at, RoleName)
  const Policies = yield* policiesOf(at, RoleName)
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
    attached: ManagedPolicyArns,
    policies: Policies,
    properties: { ...set, ManagedPolicyArns, Policies, Tags: Tags.visible(tags) },
  }
})
interface Policies {
  readonly attached: ReadonlyArray<string>
  readonly policies: ReadonlyArray<typeof Policy.Type>
}

const attach = ({ ask }: At<IAM>, RoleName: string, arns: ReadonlyArray<string>) =>
  Effect.forEach(arns, (PolicyArn) => ask((iam, options) => iam.attachRolePolicy({ RoleName, PolicyArn }, options)))

const detach = ({ ask }: At<IAM>, RoleName: string, arns: ReadonlyArray<string>) =>
  Effect.forEach(arns, (PolicyArn) => ask((iam, options) => iam.detachRolePolicy({ RoleName, PolicyArn }, options)))

const putPolicies = ({ ask }: At<IAM>, RoleName: string, policies: ReadonlyArray<typeof Policy.Type>) =>
  Effect.forEach(policies, ({ PolicyDocument, PolicyName }) =>
    ask((iam, options) => iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument: toText(PolicyDocument) }, options)),
  )

const deletePolicies = ({ ask }: At<IAM>, RoleName: string, policies: Policies["policies"]) =>
  Effect.forEach(policies, ({ PolicyName }) =>
    ask((iam, options) => iam.deleteRolePolicy({ RoleName, PolicyName }, options)),
  )

export const IamRole = awsResource({
  type: "AWS::IAM::Role",
  idempotency: "name",
  properties,
  client: ({ iam }, target) => iam(target),
  describe,
  find: (_, { properties }) => Effect.succeed(properties.RoleName),
  create: ({ ask }, { properties, tags }) => {
    const { AssumeRolePolicyDocument, ManagedPolicyArns: _arns, Policies: _policies, ...role } = properties
    const input = { ...role, AssumeRolePolicyDocument: toText(AssumeRolePolicyDocument), Tags: tags }
    return Effect.as(
      ask((iam, options) => iam.createRole(input, options)),
      properties.RoleName,
    )
  },
  isConfigured: ({ ManagedPolicyArns = [], Policies = [] }) => ManagedPolicyArns.length + Policies.length === 0,
  configure: (at, name, { ManagedPolicyArns = [], Policies = [] }) =>
    Effect.andThen(attach(at, name, ManagedPolicyArns), putPolicies(at, name, Policies)),
  update: Effect.fnUntraced(function* (at, change) {
    const { ask } = at
    const { desired, patch, present } = change
    const RoleName = present.nativeId
    if (Patch.isChanged(patch, "AssumeRolePolicyDocument")) {
      const PolicyDocument = toText(desired.AssumeRolePolicyDocument)
      yield* ask((iam, options) => iam.updateAssumeRolePolicy({ RoleName, PolicyDocument }, options))
    }
    const Description = Patch.wanted(change, "Description", "")
    const MaxSessionDuration = Patch.wanted(change, "MaxSessionDuration", 3600)
    yield* ask((iam, options) => iam.updateRole({ RoleName, Description, MaxSessionDuration }, options))

    const boundary = Patch.wanted(change, "PermissionsBoundary", "")
    if (boundary === "") yield* ask((iam, options) => iam.deleteRolePermissionsBoundary({ RoleName }, options))
    else if (boundary !== undefined) {
      const PermissionsBoundary = boundary
      yield* ask((iam, options) => iam.putRolePermissionsBoundary({ RoleName, PermissionsBoundary }, options))
    }

    const { attached, policies } = policyChanges(present, {
      attached: Patch.wanted(change, "ManagedPolicyArns", []),
      policies: Patch.wanted(change, "Policies", []),
    })
    // What is allowed grows before it shrinks: nothing that is wanted is missing in between.
    yield* attach(at, RoleName, attached.add)
    yield* putPolicies(at, RoleName, policies.add)
    yield* detach(at, RoleName, attached.remove)
    yield* deletePolicies(at, RoleName, policies.remove)
  }),
  putTags: ({ ask }, { nativeId }, tags) =>
    ask((iam, options) => iam.tagRole({ RoleName: nativeId, Tags: tags }, options)),
  removeTags: ({ ask }, { nativeId }, TagKeys) =>
    ask((iam, options) => iam.untagRole({ RoleName: nativeId, TagKeys }, options)),
  // IAM does not delete a role that has policies.
  delete: Effect.fnUntraced(function* (at, RoleName) {
    const { attached, policies } = yield* describe(at, RoleName)
    yield* detach(at, RoleName, attached)
    yield* deletePolicies(at, RoleName, policies)
    yield* at.ask((iam, options) => iam.deleteRole({ RoleName }, options))
  }),
  list: ({ ask }, page) =>
    Effect.map(
      ask((iam, options) => iam.listRoles({ MaxItems: within(1, 1000, page), Marker: page.pageToken }, options)),
      ({ Marker, Roles = [] }) => ({
        ids: Roles.filter(({ Path }) => !isOfAws(Path)).map(({ RoleName }) => RoleName),
        next: Marker,
      }),
    ),
})

/** What leads from the policies that a role has to those that are wanted. Of what is not spoken of, nothing changes. */
export const policyChanges = (
  present: Policies,
  then: { readonly [Name in keyof Policies]: Policies[Name] | undefined },
) => {
  const { attached = present.attached, policies = present.policies } = then
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

/** Of roles that a service, or the sign-on of an organization, has made for itself. */
const isOfAws = (path = "/"): boolean => /^\/aws-(service-role|reserved)\//.test(path)
