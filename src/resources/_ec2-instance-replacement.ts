import type { Replacement } from '../model/resource-type.ts';

/** What makes a server anew. */
export const replacement: Replacement = {
  always: [
    'AvailabilityZone',
    'CpuOptions',
    'ElasticGpuSpecifications',
    'ElasticInferenceAccelerators',
    'EnclaveOptions',
    'HibernationOptions',
    'HostResourceGroupArn',
    'ImageId',
    'Ipv6AddressCount',
    'Ipv6Addresses',
    'KeyName',
    'LaunchTemplate',
    'LicenseSpecifications',
    'NetworkInterfaces',
    'PlacementGroupName',
    'PrivateIpAddress',
    'SecurityGroups',
    'SubnetId',
  ],
  // Whether the root device is a volume decides about most of these.
  perhaps: [
    'AdditionalInfo',
    'Affinity',
    'BlockDeviceMappings',
    'EbsOptimized',
    'HostId',
    'InstanceType',
    'KernelId',
    'PrivateDnsNameOptions',
    'RamdiskId',
    'SecurityGroupIds',
    'Tenancy',
    'UserData',
  ],
};
