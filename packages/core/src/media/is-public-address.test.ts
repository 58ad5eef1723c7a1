import { BlockList } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPublicAddress } from "./is-public-address.ts";

describe("isPublicAddress", () => {
  it.each([
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "172.32.0.1",
    "100.128.0.1",
    "223.255.255.255",
    "2606:4700::1111",
    "2A00:1450:4001:0:0:0:0:1",
  ])("accepts %s", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:8.8.8.8",
    "::ffff:808:808",
    "64:ff9b::808:808",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001::1",
    "2001:db8::1",
    "2002:808:808::1",
    "3fff::1",
  ])("refuses %s", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each([
    "",
    "1.1.1",
    "1.1.1.1.1",
    "01.1.1.1",
    "0x1.1.1.1",
    "256.1.1.1",
    "1.1.1.1 ",
    "2606:4700",
    "2606:4700:::1",
    "2606::1::1",
    "2606:4700::1%eth0",
    "2606:4700::12345",
    "2606:4700:1:2:3:4:5:6:7",
    "2606:4700::1:256.1.1.1",
    "example.com",
    ":",
    "2606:4700:1.1.1.1::",
  ])("refuses %j, which is no address", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it("agrees with the platform's own block list on every private IPv4 address", () => {
    const networks = [
      ["10.0.0.0", 8],
      ["172.16.0.0", 12],
      ["192.168.0.0", 16],
      ["127.0.0.0", 8],
      ["169.254.0.0", 16],
    ] as const;
    const blocked = new BlockList();
    for (const [network, bits] of networks) blocked.addSubnet(network, bits);
    // any address, with the first bits of one of the networks
    const inside = fc.tuple(fc.constantFrom(...networks), fc.ipV4()).map(([[network, bits], host]) => {
      const own = host.split(".").map(Number);
      return network
        .split(".")
        .map((part, index) => Number(part) | ((own[index] ?? 0) & (255 >> Math.min(8, Math.max(0, bits - 8 * index)))))
        .join(".");
    });
    fc.assert(
      fc.property(inside, (address) => {
        expect([blocked.check(address), isPublicAddress(address)]).toEqual([true, false]);
      }),
      { numRuns: 2000 },
    );
  });

  it("never takes an IPv6 address outside 2000::/3 as public", () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        fc.pre(!/^[23]/.test(address) || /^[23][^:]{0,2}:/.test(address));
        expect(isPublicAddress(address)).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});
