import type { ResourceType } from '../model/resource-type.ts';

export const resourceType: ResourceType = {
  type: 'AWS::AutoScaling::AutoScalingGroup',
  noun: 'Auto Scaling group',
  reach: 'region',
  id: 'AutoScalingGroupName',
  name: 'AutoScalingGroupName',
  arn: 'AutoScalingGroupARN',
  tags: 'Tags',
  always: [
    'AutoScalingGroupName',
    'AutoScalingGroupARN',
    'MinSize',
    'MaxSize',
    'DesiredCapacity',
    'Instances[].InstanceId',
    'Instances[].LifecycleState',
  ],
  listing: {
    call: { service: 'auto-scaling', operation: 'DescribeAutoScalingGroups', pageSize: 100 },
    items: 'AutoScalingGroups[]',
  },
  relations: {
    instances: { to: 'AWS::EC2::Instance', from: 'Instances[].InstanceId', match: 'InstanceId' },
  },
};
