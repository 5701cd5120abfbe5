/** 62 resources of AWS of thirteen types, which refer to each other as those of a document do. */
import * as Arr from "effect/Array"

/** What `tagged` does not reach: these keep no tags. */
const changes: Readonly<Record<string, (version: string) => object>> = {
  "AWS::SNS::Subscription": (version) => ({ RawMessageDelivery: version === "two" }),
}

const times = <A>(count: number, make: (number: number) => A): ReadonlyArray<A> => Arr.makeBy(count, make)

const trust = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
}

const resources: ReadonlyArray<{ readonly label: string; readonly type: string; readonly properties: object }> = [
  ...times(2, (n) => ({ label: `net-${n}`, type: "AWS::EC2::VPC", properties: { CidrBlock: `10.${n}.0.0/16` } })),
  ...times(8, (n) => ({
    label: `subnet-${n}`,
    type: "AWS::EC2::Subnet",
    properties: { VpcId: { $ref: `net-${n % 2}.VpcId` }, CidrBlock: `10.${n % 2}.${n}.0/24` },
  })),
  ...times(6, (n) => ({
    label: `group-${n}`,
    type: "AWS::EC2::SecurityGroup",
    properties: {
      GroupName: `group-${n}`,
      GroupDescription: "What reaches the shop",
      VpcId: { $ref: `net-${n % 2}.VpcId` },
      SecurityGroupIngress: [{ IpProtocol: "tcp", FromPort: 443, ToPort: 443, CidrIp: "0.0.0.0/0" }],
    },
  })),
  ...times(6, (n) => ({
    label: `logs-${n}`,
    type: "AWS::Logs::LogGroup",
    properties: { LogGroupName: `/shop/${n}`, RetentionInDays: 30 },
  })),
  ...times(10, (n) => ({
    label: `parameter-${n}`,
    type: "AWS::SSM::Parameter",
    properties: { Name: `/shop/${n}`, Type: "String", Value: { $ref: `logs-${n % 6}.Arn` } },
  })),
  ...times(4, (n) => ({
    label: `secret-${n}`,
    type: "AWS::SecretsManager::Secret",
    properties: { Name: `shop/${n}`, SecretString: `not a real secret ${n}` },
  })),
  ...times(8, (n) => ({ label: `queue-${n}`, type: "AWS::SQS::Queue", properties: { QueueName: `queue-${n}` } })),
  ...times(4, (n) => ({ label: `topic-${n}`, type: "AWS::SNS::Topic", properties: { TopicName: `topic-${n}` } })),
  ...times(4, (n) => ({
    label: `subscription-${n}`,
    type: "AWS::SNS::Subscription",
    properties: { TopicArn: { $ref: `topic-${n}.TopicArn` }, Protocol: "sqs", Endpoint: { $ref: `queue-${n}.Arn` } },
  })),
  ...times(4, (n) => ({
    label: `role-${n}`,
    type: "AWS::IAM::Role",
    properties: { RoleName: `role-${n}`, AssumeRolePolicyDocument: trust },
  })),
  ...times(2, (n) => ({
    label: `function-${n}`,
    type: "AWS::Lambda::Function",
    properties: {
      FunctionName: `function-${n}`,
      Role: { $ref: `role-${n}.Arn` },
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Code: { ZipFile: "exports.handler = async () => 'smaller'" },
    },
  })),
  ...times(2, (n) => ({ label: `bucket-${n}`, type: "AWS::S3::Bucket", properties: { BucketName: `shop-${n}` } })),
  ...times(2, (n) => ({
    label: `table-${n}`,
    type: "AWS::DynamoDB::Table",
    properties: {
      TableName: `table-${n}`,
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    },
  })),
]

/** The document. Each version has another value of one tag of each resource. */
export const mixedDocument = (endpoint: string, version: "one" | "two") => ({
  name: "mixed",
  targets: { aws: { namespace: "AWS", config: { region: "eu-central-1", endpoint } } },
  resources: resources.map(({ label, properties, type }) => ({
    label,
    type,
    target: "aws",
    properties: {
      ...properties,
      ...(changes[type]?.(version) ?? { Tags: [{ Key: "version", Value: version }] }),
    },
  })),
})
