#!/usr/bin/perl
# Tries what a service has no business with, and what it needs; prints `allowed NAME` or
# `denied NAME` for each. System call numbers are x86-64's.
use strict;
use warnings;
use Socket;

my ($state) = split /:/, $ENV{STATE_DIRECTORY} // '/nowhere';

sub readable { my ($name) = @_; return open my $file, '<', $name }
sub writable { my ($name) = @_; return open my $file, '>', $name }
sub opened   { my ($name) = @_; return open my $file, '+<', $name }

sub reach {
    my ($host) = @_;
    socket my $socket, PF_INET, SOCK_DGRAM, 0 or return 0;
    return defined send $socket, 'x', 0, sockaddr_in(9, inet_aton($host));
}

sub mounted {
    my ($what, $where, $kind) = ('none', '/mnt', 'tmpfs');
    return 0 == syscall 165, $what, $where, $kind, 0, 0;
}

sub realtime {
    my $priority = pack 'i', 1;
    return 0 == syscall 144, 0, 1, $priority;
}

my %attempt = (
    'become-root'      => sub { `/usr/local/bin/probe-id -u` eq "0\n" },
    'mount'            => \&mounted,
    'open-tun'         => sub { opened('/dev/net/tun') },
    'packet-socket'    => sub { socket my $socket, 17, SOCK_RAW, 0 },
    'ptrace'           => sub { 0 == syscall 101, 0, 0, 0, 0 },
    'reach-loopback'   => sub { reach('127.0.0.1') },
    'reach-network'    => sub { reach('198.51.100.1') },
    'read-home'        => sub { chdir '/home' and readable('letter') },
    'read-models'      => sub { readable('/usr/share/madoguchi/models/e5-small/e5-small-q4.bin') },
    'read-other-state' => sub { readable($ENV{OTHER_STATE}) },
    'realtime'         => \&realtime,
    'see-processes'    => sub { readable('/proc/1/cmdline') },
    'set-user-id-file' => sub { writable("$state/probe") and chmod 04755, "$state/probe" },
    'tcp-socket'       => sub { socket my $socket, PF_INET, SOCK_STREAM, 0 },
    'user-namespace'   => sub { 0 == syscall 272, 0x10000000 },
    'write-and-run'    => sub { -1 != syscall 9, 0, 4096, 7, 0x22, -1, 0 },
    'write-etc'        => sub { writable('/etc/madoguchi-probe') },
    'write-state'      => sub { writable("$state/probe") },
    'see-shared-tmp'   => sub { chdir '/tmp' and -e 'of-somebody-else' },
    'write-usr'        => sub { writable('/usr/bin/madoguchi-probe') },
);

# Last what changes the process itself.
for my $name ((sort grep { $_ !~ /^(ptrace|user-namespace)$/ } keys %attempt), 'ptrace', 'user-namespace') {
    print $attempt{$name}->() ? 'allowed' : 'denied', " $name\n";
}
