import { describe, expect, it } from 'vitest';
import type { AddressedDevice } from '../../../shared/domain/conversion/survey';
import { fixtureSurvey } from '../../testing/fixtures/conversions';
import { addressDraftOf, judgeAddresses } from './address-draft';
import type { AddressDraft, AddressField } from './address-draft';

const survey = fixtureSurvey('full');
const [eno1, br9] = survey.addressed as [AddressedDevice, AddressedDevice];
const judge = (change: Partial<AddressDraft>, device = eno1) => judgeAddresses({ ...addressDraftOf(device, survey), ...change }, device, survey);

describe('a draft of other addresses', () => {
  it('begins with today, and asks for nothing then', () => {
    expect(addressDraftOf(eno1, survey)).toEqual({ how: 'fixed', address: '10.0.0.12/24', gateway: '10.0.0.1', address6: '2001:db8:40:1::12/64', gateway6: '', dns: '10.0.0.1, 9.9.9.9', search: 'lan', mtu: '1500' });
    expect(judge({})).toMatchObject({ isSame: true, request: { device: 'eno1' }, errors: {} });
  });

  it('asks for what differs alone, and takes over the prefix that was left out', () => {
    expect(judge({ address: ' 10.0.0.30 ' }).request).toEqual({ device: 'eno1', address: '10.0.0.30/24' });
    expect(judge({ dns: '10.0.0.1 9.9.9.9', mtu: '1400 ' }).request).toEqual({ device: 'eno1', mtu: 1400 });
    expect(judge({ dns: '1.1.1.1; 2620:fe::fe', gateway: '10.0.0.254' }).request).toEqual({ device: 'eno1', gateway: '10.0.0.254', dns: ['1.1.1.1', '2620:fe::fe'] });
    expect([judge({ search: 'lan, home.arpa' }).request, judge({ search: '' }).request]).toEqual([{ device: 'eno1', search: ['lan', 'home.arpa'] }, { device: 'eno1', search: [] }]);
  });

  it('asks for IPv6 as it is typed, with the prefix of a LAN where none is', () => {
    expect(judge({ address6: '2001:db8:40:1::12, 2001:db8:40:1::30' }).request).toEqual({ device: 'eno1', addresses6: ['2001:db8:40:1::12/64', '2001:db8:40:1::30/64'] });
    expect(judge({ address6: ' 2001:db8:40:1::12 ' }).isSame).toBe(true);
    expect([judge({ address6: '' }).request, judge({ gateway6: 'fe80::1' }).request]).toEqual([{ device: 'eno1', addresses6: [] }, { device: 'eno1', gateway6: 'fe80::1' }]);
  });

  it('says that the host moves where the session\'s address goes', () => {
    expect(judge({ address: '10.0.0.30' }).warnings.address).toContain('The host is reached at 10.0.0.30 from then on.');
    expect(judge({ mtu: '1400' }).warnings.address).toBeUndefined();
  });

  it.each<[Partial<AddressDraft>, AddressField, string]>([
    [{ address6: '2001:db8:40:1::x' }, 'address6', '2001:db8:40:1::x/64 is no IPv6 address'], [{ address6: 'fe80::7' }, 'address6', 'can\'t be a host\'s address'], [{ address6: '2001:db8::7 2001:db8::7/64' }, 'address6', 'is named twice'],
    [{ gateway6: 'router' }, 'gateway6', 'IPv6 address'], [{ gateway6: '2001:db8:40:2::1' }, 'gateway6', 'is in no subnet of eno1'], [{ gateway6: '2001:db8:40:1::12' }, 'gateway6', 'is the host itself'],
    [{ address: '' }, 'address', 'type another one'], [{ address: '10.0.0' }, 'address', 'with its prefix'], [{ address: '10.0.0.400/24' }, 'address', 'with its prefix'],
    [{ address: '10.0.0.255/24' }, 'address', 'the last of its subnet'], [{ address: '127.0.0.1/8' }, 'address', 'can\'t be a host\'s address'],
    [{ address: '10.9.0.12/24', gateway: '10.9.0.1' }, 'address', 'It is an address of br9.'],
    [{ address: '10.7.0.12/24' }, 'gateway', 'is in no subnet of eno1'], [{ gateway: '10.5.0.1' }, 'gateway', 'is in no subnet of eno1'],
    [{ gateway: '10.0.0.255' }, 'gateway', 'stand for the subnet itself'], [{ gateway: '10.0.0.12' }, 'gateway', 'is the host itself'], [{ gateway: '' }, 'gateway', 'can’t be taken away'], [{ gateway: 'router' }, 'gateway', 'IPv4 address'],
    [{ dns: '' }, 'dns', 'one server at least'], [{ dns: 'router' }, 'dns', 'router is no IPv4 or IPv6 address'], [{ dns: '9.9.9.9, 9.9.9.9' }, 'dns', 'is named twice'], [{ dns: '0.0.0.0' }, 'dns', 'can\'t be a name server'],
    [{ search: 'lan, -lab' }, 'search', '-lab is no domain'], [{ search: 'lan LAN' }, 'search', 'is named twice'],
    [{ mtu: 'big' }, 'mtu', 'whole number'], [{ mtu: '1000' }, 'mtu', 'needs 1280'],
  ])('%j is refused at its field', (change, field, sentence) => {
    const { errors } = judge(change);
    expect(Object.keys(errors)).toEqual([field]);
    expect(errors[field]).toContain(sentence);
  });

  it('judges each field by what can be read of the others', () => {
    expect(Object.keys(judge({ mtu: 'big', gateway: '10.5.0.1', address: 'x' }).errors).sort()).toEqual(['address', 'gateway', 'mtu']);
  });

  it('fixes a lease at its own address, and can\'t have another gateway while it is one', () => {
    expect(judge({ how: 'fixed' }, br9).request).toEqual({ device: 'br9', address: '10.9.0.12/24' });
    expect(judge({ gateway: '10.9.0.1' }, br9).errors.gateway).toContain('comes by DHCP');
    const leased = { ...eno1, isLeased: true };
    expect(judge({ how: 'fixed', address: '10.0.0.30' }, leased).request.dns).toEqual(['10.0.0.1', '9.9.9.9']);
  });

  it('hands a fixed address back to DHCP, with the one that is expected of it', () => {
    expect(judge({ how: 'leased', dns: '' })).toMatchObject({ isSame: false, errors: {}, request: { device: 'eno1', dhcp: true, dns: [] } });
    expect(judge({ how: 'leased', dns: '' }).request).not.toHaveProperty('address');
    expect(judge({ how: 'leased' }).request).toEqual({ device: 'eno1', dhcp: true });
    const other = judge({ how: 'leased', address: '10.0.0.30' });
    expect(other.request).toEqual({ device: 'eno1', dhcp: true, address: '10.0.0.30/24' });
    expect(other.warnings.address).toContain('has to give 10.0.0.30');
    expect(judge({ how: 'leased', address: '10.0.0' }).errors.address).toContain('with its prefix');
    const alone = { ...eno1, noNameServers: 'by hand' };
    expect(judge({ how: 'leased', dns: '' }, alone).request).toEqual({ device: 'eno1', dhcp: true });
  });
});
