import { z } from 'zod';
import { conversionFindingSchema } from './finding';
import { nicSettingSchema } from './leave/nic-settings';
import { outlookSchema } from './outlook';
import { addressGroundSchema } from './readdress/address-request';
import { stackNameSchema } from './transaction';

/** A device that somebody could want to make a bridge of. */
const surveyedDeviceSchema = z.object({
  outlook: outlookSchema,
  kind: z.enum(['nic', 'wireless', 'bond', 'vlan']),
  hasLink: z.boolean(),
  /** The session goes through it: it has the session's address, or is below the device that has. */
  carriesSession: z.boolean(),
  /** Who configures it; null: nobody, or several. */
  owner: stackNameSchema.nullable(),
  /** Why it can't be a bridge's port, and what to do instead; null: nothing in the device itself speaks against it. */
  refusal: conversionFindingSchema.nullable(),
  /** What would move to the bridge, and what of it may be left out; empty where the device is refused. */
  settings: z.array(nicSettingSchema),
});
export type SurveyedDevice = z.infer<typeof surveyedDeviceSchema>;

/** A bridge that leads outside, by NICs of the host. */
const surveyedBridgeSchema = z.object({
  outlook: outlookSchema,
  kind: z.enum(['linux', 'ovs']),
  /** The first takes the addresses. */
  uplinks: z.array(z.string()),
  carriesSession: z.boolean(),
  owner: stackNameSchema.nullable(),
  /** Why it can't be taken away; null: nothing in the bridge itself speaks against it. */
  refusal: conversionFindingSchema.nullable(),
});
export type SurveyedBridge = z.infer<typeof surveyedBridgeSchema>;

/** One of several NICs of a bridge, which could leave it. */
const surveyedPortSchema = z.object({
  outlook: outlookSchema,
  bridge: z.string(),
  kind: z.enum(['linux', 'ovs']),
  hasLink: z.boolean(),
  /** Its bridge does; by which port, no host says. */
  carriesSession: z.boolean(),
  owner: stackNameSchema.nullable(),
  refusal: conversionFindingSchema.nullable(),
});
export type SurveyedPort = z.infer<typeof surveyedPortSchema>;

/** A device of the host with addresses of its own. */
const addressedDeviceSchema = z.object({
  outlook: outlookSchema,
  kind: z.enum(['nic', 'wireless', 'bond', 'vlan', 'bridge']),
  hasLink: z.boolean(),
  carriesSession: z.boolean(),
  owner: stackNameSchema.nullable(),
  /** The IPv4 address in whose place another one would stand, `10.0.0.7/24`; null: it has none. */
  replaced: z.string().nullable(),
  /** That address is a lease. */
  isLeased: z.boolean(),
  /** Of its IPv4 default route. */
  gateway: z.string().nullable(),
  /** Its fixed IPv6 addresses, and those that routers and DHCP have given, with prefix. */
  fixed6: z.array(z.string()),
  learned6: z.array(z.string()),
  /** Of its fixed IPv6 default route; what routers advertise is none. */
  gateway6: z.string().nullable(),
  /** Why nobody here can be told other name servers; null: they can. */
  noNameServers: z.string().nullable(),
  refusal: conversionFindingSchema.nullable(),
});
export type AddressedDevice = z.infer<typeof addressedDeviceSchema>;

/** What of a host the guide can change, whatever it is to become. */
export const conversionSurveySchema = z.object({
  /** What carries the session first, then what can be converted. */
  devices: z.array(surveyedDeviceSchema),
  /** Those that can be taken away first. */
  bridges: z.array(surveyedBridgeSchema),
  /** Of bridges with several NICs, bridge by bridge. */
  ports: z.array(surveyedPortSchema),
  /** What carries the session first, then what can be changed. */
  addressed: z.array(addressedDeviceSchema),
  ground: addressGroundSchema,
  /** As the host looks names up now. */
  nameServers: z.array(z.string()),
  searchDomains: z.array(z.string()),
  /** Names a bridge can't have. */
  taken: z.array(z.string()),
  suggestedBridge: z.string(),
  ovsAnswers: z.boolean(),
  /** The address the session reached the host by; null: not over SSH. */
  sessionAddress: z.string().nullable(),
});
export type ConversionSurvey = z.infer<typeof conversionSurveySchema>;
