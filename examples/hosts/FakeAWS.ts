// Made by `formae types --typescript`. Do not edit it: make it again when a plugin has changed.
import { typedResource } from "formae/protocol"

/** The resource types of the namespace FakeAWS. */
export const FakeAWS = {
  EC2: {
    Instance: typedResource<FakeAWS.EC2.Instance.Properties, FakeAWS.EC2.Instance.Attributes, FakeAWS.Target>(
      "FakeAWS::EC2::Instance",
    ),
    VPC: typedResource<FakeAWS.EC2.VPC.Properties, FakeAWS.EC2.VPC.Attributes, FakeAWS.Target>("FakeAWS::EC2::VPC"),
    VPCCidrBlock: typedResource<
      FakeAWS.EC2.VPCCidrBlock.Properties,
      FakeAWS.EC2.VPCCidrBlock.Attributes,
      FakeAWS.Target
    >("FakeAWS::EC2::VPCCidrBlock"),
  },
  Legacy: {
    Widget: typedResource<FakeAWS.Legacy.Widget.Properties, FakeAWS.Legacy.Widget.Attributes, FakeAWS.Target>(
      "FakeAWS::Legacy::Widget",
    ),
  },
  S3: {
    Bucket: typedResource<FakeAWS.S3.Bucket.Properties, FakeAWS.S3.Bucket.Attributes, FakeAWS.Target>(
      "FakeAWS::S3::Bucket",
    ),
  },
  SecretsManager: {
    Secret: typedResource<
      FakeAWS.SecretsManager.Secret.Properties,
      FakeAWS.SecretsManager.Secret.Attributes,
      FakeAWS.Target
    >("FakeAWS::SecretsManager::Secret"),
  },
} as const

export declare namespace FakeAWS {
  /** The config of a target. */
  interface Target {
    readonly cloud: string
    readonly region: string
    readonly settleMillis?: number
    readonly faults?: ReadonlyArray<{
      readonly operation: "create" | "read" | "update" | "delete" | "status" | "list" | "recover"
      readonly type?: string
      readonly label?: string
      readonly when: "before" | "after" | "status"
      readonly action: "delay" | "error" | "crash" | "hang" | "stall" | "garbage"
      readonly times?: number
      readonly code?:
        | "Throttling"
        | "NotStabilized"
        | "ServiceInternalError"
        | "ServiceTimeout"
        | "NetworkFailure"
        | "InternalFailure"
        | "NotFound"
        | "ResourceConflict"
        | "NotUpdatable"
        | "InvalidRequest"
        | "AccessDenied"
        | "UnauthorizedTaggingOperation"
        | "InvalidCredentials"
        | "AlreadyExists"
        | "ServiceLimitExceeded"
        | "GeneralServiceException"
        | "DependencyFailure"
        | "UnforeseenError"
        | "PluginNotFound"
      readonly retryAfterMillis?: number
      readonly millis?: number
    }>
  }
}

export declare namespace FakeAWS.EC2.Instance {
  /** What can be given. */
  interface Properties {
    /** Cannot be changed after create: a change replaces the resource. */
    readonly ImageId: string
    readonly InstanceType: string
    /** The order means nothing. */
    readonly Tags?: ReadonlyArray<{
      readonly Key: string
      readonly Value: string
    }>
  }

  /** What can be referred to. */
  interface Attributes extends Required<Properties> {
    readonly InstanceId: string
  }
}

export declare namespace FakeAWS.EC2.VPC {
  /** What can be given. */
  interface Properties {
    /** Cannot be changed after create: a change replaces the resource. */
    readonly CidrBlock: string
    readonly EnableDnsHostnames?: boolean
    readonly EnableDnsSupport?: boolean
    /** The order means nothing. */
    readonly Tags?: ReadonlyArray<{
      readonly Key: string
      readonly Value: string
    }>
  }

  /** What can be referred to. */
  interface Attributes extends Required<Properties> {
    readonly VpcId: string
  }
}

export declare namespace FakeAWS.EC2.VPCCidrBlock {
  /** What can be given. */
  interface Properties {
    /** Cannot be changed after create: a change replaces the resource. */
    readonly VpcId: string
    /** Cannot be changed after create: a change replaces the resource. */
    readonly CidrBlock: string
  }

  /** What can be referred to. */
  interface Attributes extends Required<Properties> {
    readonly Id: string
  }
}

export declare namespace FakeAWS.Legacy.Widget {
  /** What can be given. */
  interface Properties {
    /** Cannot be changed after create: a change replaces the resource. */
    readonly Model: string
    readonly Size?: number
    /** The order means nothing. */
    readonly Tags?: ReadonlyArray<{
      readonly Key: string
      readonly Value: string
    }>
  }

  /** What can be referred to. */
  interface Attributes extends Required<Properties> {
    readonly WidgetId: string
  }
}

export declare namespace FakeAWS.S3.Bucket {
  /** What can be given. */
  interface Properties {
    /** Cannot be changed after create: a change replaces the resource. */
    readonly BucketName?: string
    readonly VersioningConfiguration?: {
      readonly Status: "Enabled" | "Suspended"
    }
    /** The order means nothing. */
    readonly Tags?: ReadonlyArray<{
      readonly Key: string
      readonly Value: string
    }>
  }

  /** What can be referred to. */
  interface Attributes extends Required<Properties> {
    readonly Arn: string
  }
}

export declare namespace FakeAWS.SecretsManager.Secret {
  /** What can be given. */
  interface Properties {
    /** Cannot be changed after create: a change replaces the resource. */
    readonly Name?: string
    readonly Description?: string
    /**
     * Secret.
     * Never returned by the provider.
     */
    readonly SecretString: string
    /** The order means nothing. */
    readonly Tags?: ReadonlyArray<{
      readonly Key: string
      readonly Value: string
    }>
  }

  /** What can be referred to. */
  interface Attributes extends Required<Omit<Properties, "SecretString">> {
    readonly Arn: string
  }
}
