#!/usr/bin/env bash
# Puts a release into the release bucket, from where the cluster's master and Caravan's VM fetch it. See --help.
set -euo pipefail
umask 077

usage() {
  cat <<'TEXT'
usage: deploy/upload.sh [--dry-run] [--jre FILE] DIRECTORY s3://BUCKET/caravan

DIRECTORY holds what ./caravan package makes: caravan-VERSION.tar.gz and caravan-endpoint-VERSION.tar.gz.

  --jre FILE    a Java runtime 17 for the cluster's hosts (.tar.gz with one top directory): they then need no package mirror
  --dry-run     prints the commands, and calls nothing. Small files, such as checksums, are made for them and deleted again

Both versions are named last: whoever looks before that finds the former release, whole.
TEXT
}

die() {
  echo "upload.sh: $*" >&2
  exit 2
}

mode=upload jre=''
words=()
while [ $# -gt 0 ]; do
  case "$1" in
    --dry-run) mode=dry-run ;;
    --jre)
      [ $# -ge 2 ] || die "--jre needs a file"
      jre="$2"
      shift
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    -*) die "unknown option '$1' (--help lists them)" ;;
    *) words+=("$1") ;;
  esac
  shift
done
[ ${#words[@]} -eq 2 ] || die "it takes a directory and an address (--help)"
directory="${words[0]}" prefix="${words[1]%/}"
[[ "$prefix" =~ ^s3://[a-z0-9][a-z0-9-]{1,61}[a-z0-9](/[A-Za-z0-9._-]+)+$ ]] || die "'$prefix' is no address such as s3://my-releases/caravan"
[ -z "$jre" ] || [ -r "$jre" ] || die "the Java runtime $jre can't be read"
[ "$mode" = dry-run ] || type -P yc >/dev/null || die "there is no yc on the PATH: install Yandex Cloud's CLI, and call yc init"

files="$(mktemp -d)"
trap 'rm -rf -- "$files"' EXIT

# release PATTERN: the one release in the directory.
release() {
  local -a found
  mapfile -t found < <(find "$directory" -maxdepth 1 -type f -name "$1-[0-9]*.tar.gz" | sort)
  [ ${#found[@]} -eq 1 ] || die "$directory must hold one $1-VERSION.tar.gz, but holds ${#found[@]}: make it with ./caravan package"
  echo "${found[0]}"
}

# put FILE KEY
put() {
  if [ "$mode" = dry-run ]; then
    printf 'yc storage s3 cp %q %q\n' "$1" "$prefix/$2"
  else
    echo "$prefix/$2" >&2
    yc storage s3 cp "$1" "$prefix/$2" >/dev/null
  fi
}

# put_checked FILE KEY: the file and, before it, its checksum. Beside a release lies the one it was made with.
put_checked() {
  local name="${2##*/}"
  if [ -e "$1.sha256" ] && ! (cd -- "${1%/*}" && sha256sum --check --status "${1##*/}.sha256"); then die "$1 is not what $1.sha256 says"; fi
  sha256sum <"$1" | sed "s/-\$/$name/" >"$files/$name.sha256"
  put "$files/$name.sha256" "$2.sha256"
  put "$1" "$2"
}

# member ARCHIVE MEMBER FILE
member() {
  if ! tar -xzOf "$1" "$2" >"$3" 2>/dev/null || [ ! -s "$3" ]; then die "$1 has no $2: it is no release, or a broken one"; fi
}

server="$(release caravan)"
endpoint="$(release caravan-endpoint)"
version="${server##*/caravan-}" version="${version%.tar.gz}"
endpoint_version="${endpoint##*/caravan-endpoint-}" endpoint_version="${endpoint_version%.tar.gz}"
[ "$version" = "$endpoint_version" ] || die "$directory holds two versions: $version, and $endpoint_version of the endpoint"
member "$server" "caravan-$version/jobs/caravan-spark-jobs.jar" "$files/caravan-spark-jobs.jar"
member "$endpoint" "caravan-endpoint-$version/setup/caravan-endpoint-setup" "$files/caravan-init.sh"
echo "$version" >"$files/version"

[ -z "$jre" ] || put_checked "$jre" endpoint/jre-17.tar.gz
put_checked "$server" "server/caravan-$version.tar.gz"
put_checked "$endpoint" "endpoint/caravan-endpoint-$version.tar.gz"
put "$files/caravan-spark-jobs.jar" jars/caravan-spark-jobs.jar
put "$files/caravan-init.sh" endpoint/caravan-init.sh
put "$files/version" endpoint/version
put "$files/version" server/version
