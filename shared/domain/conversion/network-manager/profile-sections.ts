/** Settings of [connection] that belong to the one profile, not to the network it leads to. Source: nm-settings-keyfile(5). */
export const ownSettings = /^(id|uuid|type|interface-name|timestamp|autoconnect.*|master|controller|slave-type|port-type|multi-connect|read-only)$/;

/** Sections about addresses and what is reached by them. */
export const addressSections = /^(ipv4|ipv6|proxy|user)$/;
