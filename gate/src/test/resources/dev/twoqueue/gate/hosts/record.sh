#!/bin/sh
# Records a Linux machine, or a container of control groups v1, as fixtures: as root, with the memory, cpu and cpuacct
# controllers mounted for v1.   record.sh workstation|container quiet|busy TARGET
# Only processes that it starts itself are recorded, in a name space of process ids of their own.
set -eu
if [ $# -eq 3 ]; then
  mkdir -p "$3"
  KIND=$1 STATE=$2 TARGET=$(cd "$3" && pwd) SCRIPT=$(readlink -f "$0")
  export KIND STATE TARGET SCRIPT
fi
groups=/sys/fs/cgroup pod=kubepods/pod7f3a app=kubepods/pod7f3a/app

copy() { # FILE: what the kernel makes has no length, so it is read, and NULs become lines
  mkdir -p "$moment/$(dirname "$1")"
  case $1 in
    */cmdline) tr '\0' '\n' <"/$1" >"$moment/$1" ;;
    */mountinfo) grep ' - cgroup' "/$1" | grep -E 'memory|cpu' >"$moment/$1" || true ;;
    proc/stat) grep -E '^(cpu|btime)' "/$1" >"$moment/$1" ;;
    *) cat "/$1" >"$moment/$1" 2>/dev/null || rm -f "$moment/$1" ;;
  esac
}

moment() { # NUMBER SELF
  moment=$TARGET/$1
  for f in proc/uptime proc/stat proc/loadavg proc/meminfo proc/pressure/cpu proc/pressure/io proc/pressure/memory; do
    copy $f
  done
  for p in /proc/[0-9]*; do
    [ -d "$p" ] && for f in stat cmdline cgroup; do copy "${p#/}/$f"; done
  done
  mkdir -p "$moment/proc/self"
  for f in stat cgroup; do cp "$moment/proc/$2/$f" "$moment/proc/self/$f"; done
  if [ $KIND = container ]; then
    copy proc/self/mountinfo
    for f in limit_in_bytes usage_in_bytes stat use_hierarchy; do copy sys/fs/cgroup/memory/memory.$f; done
    for f in cfs_quota_us cfs_period_us; do copy sys/fs/cgroup/cpu/cpu.$f; done
    copy sys/fs/cgroup/cpuacct/cpuacct.usage
  else
    echo 0::/ >"$moment/proc/self/cgroup" # where the recorder itself was is no part of the machine
    rm -f "$moment"/proc/[0-9]*/cgroup
  fi
}

inside() { # process 1 of the name space; the one that stands for the host JVM is its child
  if [ $KIND = container ]; then
    for c in memory cpu cpuacct; do mount --bind $groups/$c/$app $groups/$c; done
  fi
  sleep 60 </dev/null & self=$!
  other=
  if [ $STATE = busy ]; then
    sh -c 'while :; do :; done' </dev/null & other=$!
  fi
  sleep 1
  moment 1 $self
  sleep 2
  moment 2 $self
  kill $self $other
}

# The script is read from its standard input, so that no path of this machine is in a command line.
contained() { unshare -m -p -f --mount-proc sh -s inside <"$SCRIPT"; }

if [ "${1:-}" = inside ]; then
  inside
elif [ $KIND = container ]; then
  for c in memory cpu cpuacct; do mkdir -p $groups/$c/$app; done
  echo 1610612736 >$groups/memory/$pod/memory.limit_in_bytes
  echo 100000 >$groups/cpu/$app/cpu.cfs_period_us
  echo 100000 >$groups/cpu/$app/cpu.cfs_quota_us
  (
    here=$(sh -c 'echo $PPID')
    for c in memory cpu cpuacct; do echo "$here" >$groups/$c/$app/cgroup.procs; done
    contained
  )
  for c in memory cpu cpuacct; do rmdir $groups/$c/$app $groups/$c/$pod $groups/$c/kubepods; done
else
  contained
fi
