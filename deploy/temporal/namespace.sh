#!/bin/sh
# Makes the namespace and the search attributes of the lifecycles. Safe to run again.
# TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE are Temporal's own settings.
set -eu
namespace=${TEMPORAL_NAMESPACE:-default}
retention=${TEMPORAL_RETENTION:-30d}

if ! temporal operator namespace describe --namespace "$namespace" >/dev/null 2>&1; then
  temporal operator namespace create --namespace "$namespace" --retention "$retention"
fi

# A new namespace is known to every part of the server only after some seconds.
tries=0
until known=$(temporal operator search-attribute list --namespace "$namespace" 2>/dev/null); do
  tries=$((tries + 1))
  if [ "$tries" -ge 30 ]; then
    echo "The namespace $namespace at $TEMPORAL_ADDRESS cannot be read. Look at the temporal service's log." >&2
    exit 1
  fi
  sleep 1
done

add() {
  for name in $2; do
    if ! echo "$known" | grep -Eq "^ *$name +$1 *$"; then
      temporal operator search-attribute create --namespace "$namespace" --name "$name" --type "$1"
    fi
  done
}
add Keyword 'TenantId County Stage Apn CampaignId Source'
add Double 'BirdDogScore'
add Bool 'NeedsReview'
echo "The namespace $namespace has its search attributes."
