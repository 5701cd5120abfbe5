/** The fewest calls that a create could make, and why it makes more. */

export interface LeastCalls {
  /** What the sample asks for, and one look at what became of it. */
  readonly create: number
  /** Why the create makes more. */
  readonly why?: string
}

const compared = "what is to be configured is compared with what is there, so that it may be repeated"
const tagLook = "EC2 has no token for it and would make a second one, so it looks for the operation's tag first"

export const leastCalls: Readonly<Record<string, LeastCalls>> = {
  "AWS::S3::Bucket": {
    create: 10,
    why: "it looks first, because in `us-east-1` S3 answers as if it had created a bucket that is there; it lists the tags afterwards, because services like S3 may ignore those of the create (as moto does, so they are put)",
  },
  "AWS::S3::BucketPolicy": { create: 2, why: "it looks first, because a put replaces whatever policy is there" },
  "AWS::DynamoDB::Table": {
    create: 4,
    why: "it lists the tags afterwards, because emulators may ignore those of the create",
  },
  "AWS::SQS::Queue": {
    create: 3,
    why: "it looks first, because SQS answers as if it had created a queue that is there with the same attributes",
  },
  "AWS::SNS::Topic": {
    create: 3,
    why: "it looks first, because SNS answers as if it had created a topic that is there",
  },
  "AWS::SNS::Subscription": {
    create: 2,
    why: "it looks first, because SNS answers as if it had created a subscription that is there",
  },
  "AWS::SSM::Parameter": { create: 2 },
  "AWS::SecretsManager::Secret": { create: 2 },
  "AWS::Logs::LogGroup": { create: 3 },
  "AWS::IAM::Role": { create: 6 },
  "AWS::IAM::ManagedPolicy": { create: 3 },
  "AWS::EC2::VPC": { create: 5, why: tagLook },
  "AWS::EC2::Subnet": { create: 3, why: tagLook },
  "AWS::EC2::SecurityGroup": { create: 3, why: compared },
  "AWS::Lambda::Function": { create: 2 },
  "AWS::DSQL::Cluster": { create: 2 },
}
